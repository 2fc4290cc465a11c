namespace Observatory.Timeline;

/// <summary>A stretch of time in which one thread worked on a unit.</summary>
/// <param name="Thread">Kernel thread id.</param>
/// <param name="From">First instant.</param>
/// <param name="To">Last instant.</param>
public readonly record struct UnitSegment(int Thread, Timestamp From, Timestamp To)
{
    /// <summary>True for an event that comes too late and may have changed the split of this segment.</summary>
    /// <param name="late">
    /// A switch, which changes what its thread did at that instant, or a wake-up, which changes the end of the sleep that it is
    /// meant for: that may begin after it and in a later unit, and one without a sleep it does not concern.
    /// </param>
    /// <param name="hasSlept">True when a thread went to sleep in its unit.</param>
    internal bool IsDoubtedBy(in TimelineEvent late, bool hasSlept) =>
        Thread == late.Thread && late.Happened <= To && (late.Kind == EventKind.Waking ? hasSlept : late.Happened >= From);
}

/// <summary>The segments of a unit that are over, as far as they are kept.</summary>
internal struct KeptSegments
{
    /// <summary>Of a request that lasts for hours, the first ones.</summary>
    private const int Most = 128;

    private List<UnitSegment>? _kept;

    /// <summary>In the order of their ends.</summary>
    public readonly IReadOnlyList<UnitSegment> All => _kept ?? [];

    public void Add(in UnitSegment segment)
    {
        _kept ??= [];
        if (_kept.Count < Most) _kept.Add(segment);
    }

    /// <summary>True when an event comes too late for one of them, or for one that was not kept.</summary>
    /// <param name="late">See <see cref="UnitSegment.IsDoubtedBy"/>.</param>
    /// <param name="hasSlept">True when a thread went to sleep in the unit.</param>
    public readonly bool AreDoubtedBy(in TimelineEvent late, bool hasSlept)
    {
        if (_kept is null) return false;
        bool isDoubted = _kept.Count == Most;
        foreach (UnitSegment segment in _kept) isDoubted |= segment.IsDoubtedBy(late, hasSlept);
        return isDoubted;
    }
}
