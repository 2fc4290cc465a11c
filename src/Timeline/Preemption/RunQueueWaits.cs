namespace Observatory.Timeline;

/// <summary>Reports how long a thread waited for a CPU, each time it got one.</summary>
internal sealed class RunQueueWaits(Findings findings) : ISliceConsumer
{
    /// <summary>True for a slice in which a thread waited for the CPU it has now.</summary>
    public static bool IsWait(in Slice slice) =>
        slice is { Next: ThreadState.Running, State: ThreadState.Preempted or ThreadState.Waking };

    /// <inheritdoc />
    public void Closed(in Slice slice)
    {
        if (IsWait(slice)) findings.Add(slice.To - slice.From);
    }
}

/// <summary>
/// Waits and holders on their way to the observer: some thousand a second, of which it is told some at a time. Never later
/// than the account that has them in it.
/// </summary>
internal sealed class Findings(ITimelineObserver observer)
{
    private const int Most = 256;

    private readonly Duration[] _waits = new Duration[Most];
    private readonly CpuHold[] _holds = new CpuHold[Most];
    private int _waitsFound;
    private int _holdsFound;

    public void Add(Duration wait)
    {
        if (_waitsFound == Most) Tell();
        _waits[_waitsFound++] = wait;
    }

    public void Add(in CpuHold hold)
    {
        if (_holdsFound == Most) Tell();
        _holds[_holdsFound++] = hold;
    }

    /// <summary>Tells what was found since the last call.</summary>
    public void Tell()
    {
        (int waits, int holds) = (_waitsFound, _holdsFound);
        (_waitsFound, _holdsFound) = (0, 0);
        if (waits > 0) observer.RunQueueWaited(_waits.AsSpan(0, waits));
        if (holds > 0) observer.PreemptedBy(_holds.AsSpan(0, holds));
    }
}
