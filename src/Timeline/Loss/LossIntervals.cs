namespace Observatory.Timeline;

/// <summary>
/// Enters what is known to be missing among the held events, as <see cref="EventKind.LossBegan"/> and
/// <see cref="EventKind.LossEnded"/>: what sources tell, and what the chains of the CPUs prove.
/// </summary>
internal sealed class LossIntervals(HeldEvents held, TimelineCounters counters)
{
    private readonly RingTable<SwitchChain> _chains = new();

    /// <summary>When the first stream joined.</summary>
    public Timestamp Joined { get; set; }

    /// <summary>Rings whose chains are followed.</summary>
    public int Chains => _chains.Count;

    /// <summary>From an instant on events of a scope are missing.</summary>
    /// <remarks>Where the timeline has been told further already, the loss is late like an event.</remarks>
    public void Begin(LossScope scope, Timestamp at, IncompleteReasons why) =>
        held.Put(TimelineEvent.LossBegan(at, scope, why).PlacedAt(Timestamp.Later(at, held.ReleasedUpTo)));

    /// <summary>From an instant on events of a scope are complete again.</summary>
    public void End(LossScope scope, Timestamp at) =>
        held.Put(TimelineEvent.LossEnded(Timestamp.Later(at, held.ReleasedUpTo), scope));

    /// <summary>Events of a scope are missing somewhere up to an instant: since the last one at the earliest.</summary>
    public void Add(LossScope scope, Timestamp until, IncompleteReasons why)
    {
        // Nothing is missing from before the first stream came, even where no record or release has a later time yet.
        Timestamp since = Timestamp.Later(held.ReleasedUpTo, Joined);
        if (scope == LossScope.Scheduler) MarkChainsUnknown();
        if (scope.IsRing && FindChain(scope.Value) is { } chain)
        {
            since = Timestamp.Later(chain.Newest, Joined);
            chain.MarkUnknown();
            chain.Touch(until);
        }

        Enter(scope, since, until, why);
    }

    /// <summary>A switch of a nameless thread, with the thread that the chain of its CPU knows.</summary>
    public TimelineEvent Identify(in TimelineEvent nameless) => _chains[nameless.Cpu].Identify(nameless);

    /// <summary>Follows a CPU's chain with a record of its ring.</summary>
    public void Follow(in TimelineEvent added)
    {
        if (!added.IsSwitch)
        {
            FindChain(added.Cpu)?.Touch(added.At);
            return;
        }

        SwitchChain chain = _chains[added.Cpu];
        Timestamp newest = chain.NewestSwitch;
        bool follows = chain.Follow(added);
        if (added.Kind == EventKind.Exited && new LossScope(added.Cpu).IsThread) _chains.Remove(added.Cpu);
        if (follows) return;
        counters.ChainBreaks++;
        Enter(new LossScope(added.Cpu), newest, added.At, IncompleteReasons.ChainBroken);
    }

    public void MarkChainsUnknown()
    {
        foreach ((_, SwitchChain chain) in _chains.All) chain.MarkUnknown();
    }

    private void Enter(LossScope scope, Timestamp since, Timestamp until, IncompleteReasons why)
    {
        Begin(scope, since, why);
        End(scope, Timestamp.Later(until, since));
    }

    /// <summary>
    /// The chain of a ring. That of a CPU is there for ever; that of a thread is made by its first switch and goes with its
    /// last one, and what else comes of such a ring has none.
    /// </summary>
    private SwitchChain? FindChain(int ring) =>
        !new LossScope(ring).IsThread ? _chains[ring] : _chains.TryGet(ring, out SwitchChain? chain) ? chain : null;
}
