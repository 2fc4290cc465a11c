namespace Observatory.Timeline;

/// <summary>Why an account is incomplete: what is missing that could have changed it. Most telling first.</summary>
[Flags]
public enum IncompleteReasons
{
    /// <summary>Nothing is missing.</summary>
    None = 0,

    /// <summary>The kernel or the translator counted records that were lost.</summary>
    RecordsLost = 1 << 0,

    /// <summary>The runtime's events have gaps: EventPipe dropped some.</summary>
    EventsDropped = 1 << 1,

    /// <summary>A CPU's switches did not follow from one another although no loss was counted.</summary>
    ChainBroken = 1 << 2,

    /// <summary>A thread's events did not follow from one another although no loss was known.</summary>
    Contradiction = 1 << 3,

    /// <summary>Something was told after the timeline had gone on.</summary>
    Late = 1 << 4,

    /// <summary>The scheduler's stream stood still for so long that the timeline went on without it.</summary>
    Stalled = 1 << 5,

    /// <summary>The driving thread's own counters were needed and did not come.</summary>
    NoCounters = 1 << 6,

    /// <summary>
    /// The wake-up that ended a sleep was not seen, or one was seen whose thread could not be identified: how long the
    /// thread waited for a CPU is not known.
    /// </summary>
    UnseenWakeUp = 1 << 7,

    /// <summary>What a thread did, or a suspension, began before it was seen.</summary>
    NotSeen = 1 << 8,

    /// <summary>A stream, or the recording of one thread, had not begun yet or was over.</summary>
    NotJoined = 1 << 9,

    /// <summary>It ended on another thread than it began on, and nothing told when it moved.</summary>
    ThreadChanged = 1 << 10,

    /// <summary>Which threads worked on it was not observed.</summary>
    NoSegments = 1 << 11,
}
