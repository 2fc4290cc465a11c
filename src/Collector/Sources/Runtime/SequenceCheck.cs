using Observatory.Contract;

namespace Observatory.Collector;

/// <summary>Finds gaps in the numbers that the workload gives to its iteration events.</summary>
internal sealed class SequenceCheck
{
    private long? _last;
    private long _claimed;

    /// <summary>An iteration event arrived. Returns how many before it are missing.</summary>
    public long Observe(long sequence)
    {
        long missing = _last is { } last ? Math.Max(0, sequence - last - 1) : 0;
        _last = Math.Max(_last ?? 0, sequence);
        return missing;
    }

    /// <summary>
    /// A heartbeat arrived. Returns how many events are missing that the heartbeat before it had already claimed: one
    /// heartbeat later, because an event that is just being written has its number already.
    /// </summary>
    public long Observe(HeartbeatPayload heartbeat)
    {
        long missing = _last is { } last ? Math.Max(0, _claimed - last) : 0;
        _last = Math.Max(_last ?? heartbeat.Sequence, _claimed);
        _claimed = heartbeat.Sequence;
        return missing;
    }
}
