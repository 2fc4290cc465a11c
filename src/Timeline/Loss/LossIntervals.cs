namespace Observatory.Timeline;

/// <summary>
/// Enters what is known to be missing among the held events, as <see cref="EventKind.LossBegan"/> and
/// <see cref="EventKind.LossEnded"/>: what sources tell, and what the chains of the CPUs prove.
/// </summary>
internal sealed class LossIntervals(HeldEvents held, TimelineCounters counters)
{
    private readonly RingTable<SwitchChain> _chains = new(_ => new SwitchChain());

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
        if (added.IsSwitch) FollowSwitch(added.At, added.Kind, added.Cpu, added.Thread, added.Process);
        else FindChain(added.Cpu)?.Touch(added.At);
    }

    /// <summary>The same with a packed one.</summary>
    public void Follow(in PackedEvent added)
    {
        if (added.IsHandOver) FollowHandOver(added);
        else if (added.IsSwitch) FollowSwitch(added.At, added.Kind, added.Cpu, added.Thread, added.Process);
        else FindChain(added.Cpu)?.Touch(added.At);
    }

    /// <summary>Follows a CPU's chain with records of its ring as long as they are as they should be.</summary>
    /// <param name="ofOneRing">All of one ring, in its order.</param>
    /// <returns>
    /// How many. The next one, if there is one, does not follow from it, is late, is older than one before it, or names no thread. 0 for a ring that is no CPU's.
    /// </returns>
    public int FollowSound(ReadOnlySpan<PackedEvent> ofOneRing) =>
        !new LossScope(ofOneRing[0].Cpu).IsThread ? _chains[ofOneRing[0].Cpu].FollowSound(ofOneRing, held.ReleasedUpTo) : 0;

    private void FollowSwitch(Timestamp at, EventKind kind, int ring, int thread, int process)
    {
        SwitchChain chain = _chains[ring];
        Timestamp newest = chain.NewestSwitch;
        bool follows = chain.Follow(at, comes: kind == EventKind.SwitchIn, thread, process);
        if (kind == EventKind.Exited && new LossScope(ring).IsThread) _chains.Remove(ring);
        if (!follows) Break(ring, newest, at);
    }

    private void FollowHandOver(in PackedEvent added)
    {
        SwitchChain chain = _chains[added.Cpu];
        Timestamp newest = chain.NewestSwitch;
        if (!chain.Follow(added.At, added.Leaving, added.Thread)) Break(added.Cpu, newest, added.At);
    }

    private void Break(int ring, Timestamp since, Timestamp until)
    {
        counters.ChainBreaks++;
        Enter(new LossScope(ring), since, until, IncompleteReasons.ChainBroken);
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

/// <summary>
/// The chain of one CPU: the thread that leaves it must be the one that came last. A break proves that records are missing even
/// where the kernel counted no loss.
/// </summary>
/// <remarks>
/// <code>
///            in(T)                    in(T)
///   unknown -------> held by T  idle -------> held by T
///      ^  out(any)       | out(T)  ^
///      |  -> idle        +---------+
///      +-- MarkUnknown() in(any), out(other) : broken
/// </code>
/// </remarks>
internal sealed class SwitchChain
{
    private const int Unknown = -1;
    private const int Empty = -2;
    private int _holder = Unknown;
    private int _holderProcess;

    /// <summary>Time of the newest record of this CPU.</summary>
    public Timestamp Newest { get; private set; }

    /// <summary>Time of the newest switch: where the chain breaks, everything since then is in doubt.</summary>
    public Timestamp NewestSwitch { get; private set; }

    /// <summary>Takes note of a record of this CPU that is not a switch.</summary>
    public void Touch(Timestamp at) => Newest = Timestamp.Later(Newest, at);

    /// <summary>Says that records may be missing: the present holder of the CPU is not known.</summary>
    public void MarkUnknown() => _holder = Unknown;

    /// <summary>
    /// Gives the last record of an exiting thread, which no longer carries an id, to the thread that came last.
    /// </summary>
    public TimelineEvent Identify(TimelineEvent change) =>
        change.Thread >= 0 || change.Kind == EventKind.SwitchIn || _holder < 0
            ? change
            : TimelineEvent.Exited(change.At, change.Cpu, _holder, _holderProcess);

    /// <summary>Adds a switch. False when it does not follow from the one before.</summary>
    public bool Follow(Timestamp at, bool comes, int thread, int process)
    {
        bool follows = _holder == Unknown || (comes ? _holder == Empty : _holder == thread);
        Hold(at, comes ? thread : Empty, process);
        return follows;
    }

    /// <summary>Adds a hand-over from one thread to another. False when the first of its switches does not follow from the one before.</summary>
    public bool Follow(Timestamp at, int leaving, int thread)
    {
        bool follows = _holder == Unknown || _holder == leaving;
        Hold(at, thread, process: 0);
        return follows;
    }

    /// <summary>Adds records of this CPU as long as they are in the order of time, follow from one another and name their threads.</summary>
    /// <param name="records">The records.</param>
    /// <param name="since">None of them is older.</param>
    /// <returns>How many are.</returns>
    public int FollowSound(ReadOnlySpan<PackedEvent> records, Timestamp since)
    {
        (int holder, int process) = (_holder, _holderProcess);
        (Timestamp newest, Timestamp newestSwitch) = (Timestamp.Later(Newest, since), NewestSwitch);
        int sound = 0;
        for (; sound < records.Length; sound++)
        {
            ref readonly PackedEvent record = ref records[sound];
            Timestamp at = record.At;
            if (at < newest) break;
            if (record.IsSwitch)
            {
                int thread = record.Thread;
                bool comes = record.Kind == EventKind.SwitchIn;
                int expected = record.IsHandOver ? record.Leaving : comes ? Empty : thread;
                if (thread < 0 || (holder != expected && holder != Unknown)) break;
                (holder, process) = (comes ? thread : Empty, record.Process);
                newestSwitch = at;
            }

            newest = at;
        }

        if (sound == 0) return 0;
        (_holder, _holderProcess) = (holder, process);
        (Newest, NewestSwitch) = (newest, newestSwitch);
        return sound;
    }

    private void Hold(Timestamp at, int holder, int process)
    {
        (_holder, _holderProcess) = (holder, process);
        Touch(at);
        NewestSwitch = Newest;
    }
}
