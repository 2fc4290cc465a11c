namespace Observatory.Timeline;

/// <summary>The events held back, in the lanes of their streams, and up to where they have been handed over.</summary>
internal sealed class HeldEvents
{
    private const int RuntimeLane = -2;
    private readonly EventMerger _lanes = new();

    /// <summary>Up to here everything has been handed over: what comes now with an earlier time is late.</summary>
    public Timestamp Told { get; private set; } = Timestamp.Zero;

    /// <summary>Events held.</summary>
    public int Count => _lanes.Count;

    /// <summary>Lanes there are.</summary>
    public int Lanes => _lanes.Lanes;

    public void Put(in TimelineEvent added) => _lanes.Add(IsOfCpu(added) ? added.Cpu : RuntimeLane, added);

    /// <summary>Hands over everything up to and including an instant.</summary>
    public void Release(Timestamp upTo, Action<TimelineEvent> receiver)
    {
        _lanes.Release(upTo, receiver);
        if (upTo < Timestamp.Never) Told = upTo;
    }

    private static bool IsOfCpu(in TimelineEvent added) => added.IsOfRing || (IsLoss(added) && added.Scope.IsRing);

    private static bool IsLoss(in TimelineEvent added) => added.Kind is EventKind.LossBegan or EventKind.LossEnded;
}
