namespace Observatory.Timeline;

/// <summary>
/// Takes events as sources deliver them and hands them over in the order of time, with what is known to be missing
/// among them as <see cref="EventKind.LossBegan"/> and <see cref="EventKind.LossEnded"/>.
/// </summary>
/// <remarks>
/// An event is held until every stream has said that it is complete up to there, so no fixed delay has to be guessed:
/// EventPipe may lag by seconds, the kernel's rings by milliseconds. <see cref="TimelineLimits"/> bound the wait when
/// a stream stands still; what then comes late is counted and becomes a loss.
/// </remarks>
internal sealed class StreamOrder(TimelineLimits limits, TimelineCounters counters, Action<TimelineEvent> receiver)
{
    private const int RuntimeLane = -2;
    private readonly EventMerger _held = new();
    private readonly Dictionary<int, SwitchChain> _chains = [];
    private readonly Timestamp[] _complete = [Timestamp.Never, Timestamp.Never];
    private Timestamp _told = Timestamp.Zero;

    /// <summary>Events held back.</summary>
    public int Held => _held.Count;

    /// <summary>A stream joins: from now on events wait for it.</summary>
    public void Join(StreamKind stream, Timestamp from)
    {
        _complete[(int)stream] = from;
        LossScope scope = Scope(stream);
        Put(TimelineEvent.LossEnded(Timestamp.Later(from, _told), scope));
    }

    /// <summary>A stream ended: nothing waits for it any more, and what it would have told is unknown from here on.</summary>
    public void Leave(StreamKind stream, Timestamp at)
    {
        _complete[(int)stream] = Timestamp.Never;
        foreach (SwitchChain chain in _chains.Values) chain.Forget();
        Put(TimelineEvent.LossBegan(Timestamp.Later(at, _told), Scope(stream)));
    }

    /// <summary>Adds one event of a source.</summary>
    public void Add(TimelineEvent added)
    {
        bool scheduling = added.Kind <= EventKind.Waking;
        if (scheduling) added = Chain(added);
        if (added.At < _told) added = Delay(added, scheduling ? LossScope.Cpu(added.Cpu) : LossScope.Runtime);
        Put(added);
    }

    /// <summary>Says that events of a scope are missing somewhere up to an instant: since the last one at the earliest.</summary>
    public void AddLoss(LossScope scope, Timestamp until)
    {
        Timestamp since = _told;
        if (scope.Value >= 0)
        {
            SwitchChain chain = ChainOf(scope.Value);
            since = Timestamp.Later(chain.Newest, _told);
            chain.Forget();
            chain.Touch(until);
        }

        Lose(scope, since, until);
    }

    /// <summary>A stream says that it delivered everything up to an instant.</summary>
    public void Advance(StreamKind stream, Timestamp completeTo)
    {
        ref Timestamp complete = ref _complete[(int)stream];
        complete = Timestamp.Later(complete, completeTo);
        Timestamp everywhere = Timestamp.Earlier(_complete[0], _complete[1]);
        Release(Timestamp.Later(everywhere, completeTo - limits.MaximumHold));
        if (_held.Count > limits.MaximumHeldEvents) Release(completeTo);
    }

    /// <summary>Hands over everything that is held. For the end, when no stream is left to wait for.</summary>
    public void Flush() => Release(Timestamp.Never);

    private void Release(Timestamp upTo)
    {
        if (upTo <= _told) return;
        _held.Release(upTo, receiver);
        if (upTo < Timestamp.Never) _told = upTo;
    }

    private TimelineEvent Chain(TimelineEvent added)
    {
        SwitchChain chain = ChainOf(added.Cpu);
        if (!added.IsSwitch)
        {
            chain.Touch(added.At);
            return added;
        }

        added = chain.Identify(added);
        Timestamp newest = chain.Newest;
        if (chain.Follow(added)) return added;
        counters.ChainBreaks++;
        Lose(LossScope.Cpu(added.Cpu), Timestamp.Later(newest, _told), added.At);
        return added;
    }

    private TimelineEvent Delay(TimelineEvent added, LossScope scope)
    {
        counters.CountLate(scope);
        Lose(scope, _told, _told);
        return added.PlacedAt(_told);
    }

    private void Lose(LossScope scope, Timestamp since, Timestamp until)
    {
        Put(TimelineEvent.LossBegan(since, scope));
        Put(TimelineEvent.LossEnded(Timestamp.Later(until, since), scope));
    }

    private void Put(in TimelineEvent added) =>
        _held.Add(added.Kind <= EventKind.Waking || (IsLoss(added) && added.Cpu >= 0) ? added.Cpu : RuntimeLane, added);

    private SwitchChain ChainOf(int cpu)
    {
        if (!_chains.TryGetValue(cpu, out SwitchChain? chain)) _chains.Add(cpu, chain = new SwitchChain());
        return chain;
    }

    private static bool IsLoss(in TimelineEvent added) => added.Kind is EventKind.LossBegan or EventKind.LossEnded;

    private static LossScope Scope(StreamKind stream) =>
        stream == StreamKind.Runtime ? LossScope.Runtime : LossScope.Scheduler;
}
