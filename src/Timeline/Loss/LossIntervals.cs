namespace Observatory.Timeline;

/// <summary>
/// Enters what is known to be missing among the held events, as <see cref="EventKind.LossBegan"/> and
/// <see cref="EventKind.LossEnded"/>: what sources tell, and what the chains of the CPUs prove.
/// </summary>
internal sealed class LossIntervals(HeldEvents held, TimelineCounters counters)
{
    private readonly Dictionary<int, SwitchChain> _chains = [];

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

    /// <summary>Follows a CPU's chain with a record of its ring. Returns the record, a nameless thread identified.</summary>
    public TimelineEvent Follow(TimelineEvent added)
    {
        if (!added.IsSwitch)
        {
            FindChain(added.Cpu)?.Touch(added.At);
            return added;
        }

        SwitchChain chain = ChainOf(added.Cpu);

        added = chain.Identify(added);
        Timestamp newest = chain.NewestSwitch;
        bool follows = chain.Follow(added);
        if (added.Kind == EventKind.Exited && new LossScope(added.Cpu).IsThread) _chains.Remove(added.Cpu);
        if (follows) return added;
        counters.ChainBreaks++;
        Enter(new LossScope(added.Cpu), newest, added.At, IncompleteReasons.ChainBroken);
        return added;
    }

    public void MarkChainsUnknown()
    {
        foreach (SwitchChain chain in _chains.Values) chain.MarkUnknown();
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
        new LossScope(ring).IsThread ? _chains.GetValueOrDefault(ring) : ChainOf(ring);

    private SwitchChain ChainOf(int cpu)
    {
        if (!_chains.TryGetValue(cpu, out SwitchChain? chain)) _chains.Add(cpu, chain = new SwitchChain());
        return chain;
    }
}
