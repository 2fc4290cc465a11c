using Observatory.Timeline;

namespace Observatory.Recorder;

/// <summary>
/// A stretch of the recording that can be understood alone: the state of every thread of the target and of every CPU
/// before its first event, then every event that the timeline consumed, and the accounts that were closed meanwhile.
/// </summary>
public sealed class Generation
{
    private readonly EventLog _events;
    private readonly BlockList<UnitAccount> _accounts;

    internal Generation(TimelineCheckpoint start, BlockPool<PackedEvent> events, BlockPool<UnitAccount> accounts)
    {
        Start = start;
        _events = new EventLog(events);
        _accounts = new BlockList<UnitAccount>(accounts);
        From = To = start.At;
    }

    /// <summary>The state before the first event.</summary>
    public TimelineCheckpoint Start { get; }

    /// <summary>First instant.</summary>
    public Timestamp From { get; }

    /// <summary>Instant of the last event.</summary>
    public Timestamp To { get; private set; }

    /// <summary>Events held, a hand-over counted once.</summary>
    public int Count => _events.Count;

    /// <summary>Names of the threads that ran in it, filled in when it is over; null before.</summary>
    public IReadOnlyDictionary<int, ThreadName>? Names { get; set; }

    /// <summary>Memory held.</summary>
    internal long Bytes => _events.Bytes + _accounts.Bytes;

    /// <summary>Switches and wake-ups that fit in before it needs more memory.</summary>
    internal int Room => _events.Room;

    /// <summary>Snapshots that still read it. Guarded by the ring.</summary>
    internal int Pins { get; set; }

    /// <summary>True once the ring has dropped it. Guarded by the ring.</summary>
    internal bool IsDropped { get; set; }

    /// <summary>The events, some at a time, in the order of the timeline. Each lot is valid until the next one is asked for.</summary>
    public IEnumerable<ReadOnlyMemory<TimelineEvent>> Events() => _events.Blocks();

    /// <summary>Every thread that came to a CPU in it, once; 0 for the idle task.</summary>
    public IReadOnlyCollection<int> ThreadsThatRan() => _events.ThreadsThatRan();

    /// <summary>The accounts that were closed in it, without what stands beside them.</summary>
    public IEnumerable<ReadOnlyMemory<UnitAccount>> Accounts() => _accounts.Blocks();

    internal void Add(EventRun happened)
    {
        To = Timestamp.Later(To, happened.Places[^1].At);
        _events.Add(happened);
    }

    internal void Add(in UnitAccount closed) => _accounts.Add([closed]);

    internal void Free()
    {
        _events.Clear();
        _accounts.Clear();
    }
}

/// <summary>The name of a thread and of the process it belongs to.</summary>
/// <param name="Process">The process; 0 where that is not known.</param>
/// <param name="Name">The thread's own name.</param>
/// <param name="Command">The name of the process.</param>
public readonly record struct ThreadName(int Process, string Name, string Command);
