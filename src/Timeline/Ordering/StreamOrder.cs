namespace Observatory.Timeline;

/// <summary>
/// Takes events as sources deliver them and hands them over in the order of time, with what is known to be missing
/// among them as <see cref="EventKind.LossBegan"/> and <see cref="EventKind.LossEnded"/>.
/// </summary>
/// <remarks>
/// An event is held until every stream has said that it is complete up to there, so no fixed delay has to be guessed:
/// EventPipe may lag by seconds, the kernel's rings by milliseconds. <see cref="TimelineLimits"/> bound the wait when
/// a stream stands still; what then comes late is counted, keeps its true time, and makes open accounts incomplete.
/// </remarks>
internal sealed class StreamOrder(TimelineLimits limits, TimelineCounters counters, Action<TimelineEvent> receiver)
{
    private const int RuntimeLane = -2;
    private readonly EventMerger _held = new();
    private readonly Dictionary<int, SwitchChain> _chains = [];
    private readonly Timestamp[] _complete = [Timestamp.Never, Timestamp.Never];
    private readonly Timestamp[] _left = new Timestamp[2];
    private Timestamp _told = Timestamp.Zero;
    private bool _overrun;

    /// <summary>Events held back.</summary>
    public int Held => _held.Count;

    /// <summary>A stream joins: from now on events wait for it. One that is here already left where it was complete.</summary>
    public void Join(StreamKind stream, Timestamp from)
    {
        if (IsHere(stream)) Leave(stream, _complete[(int)stream]);
        _complete[(int)stream] = from;
        from = Timestamp.Later(from, _left[(int)stream]);
        Put(TimelineEvent.LossEnded(Timestamp.Later(from, _told), Scope(stream)));
    }

    /// <summary>A stream ended: nothing waits for it any more, and what it would have told is unknown from here on.</summary>
    public void Leave(StreamKind stream, Timestamp at)
    {
        if (!IsHere(stream)) return;
        _complete[(int)stream] = Timestamp.Never;
        _left[(int)stream] = at;
        if (stream == StreamKind.Scheduler) ForgetChains();
        Put(TimelineEvent.LossBegan(at, Scope(stream)).PlacedAt(Timestamp.Later(at, _told)));
    }

    /// <summary>Adds one event of a source.</summary>
    public void Add(TimelineEvent added)
    {
        bool scheduling = added.Kind <= EventKind.Waking;
        if (scheduling) added = Chain(added);
        if (added.At < _told) added = Delay(added, scheduling ? LossScope.Scheduler : LossScope.Runtime);
        Put(added);
    }

    /// <summary>Says that events of a scope are missing somewhere up to an instant: since the last one at the earliest.</summary>
    public void AddLoss(LossScope scope, Timestamp until)
    {
        Timestamp since = _told;
        if (scope == LossScope.Scheduler) ForgetChains();
        if (scope.Value >= 0)
        {
            SwitchChain chain = ChainOf(scope.Value);
            since = chain.Newest;
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
        if (_overrun && _complete[(int)StreamKind.Scheduler] >= _told) CatchUp();
        Timestamp everywhere = Timestamp.Earlier(_complete[0], _complete[1]);
        if (everywhere == Timestamp.Never) everywhere = completeTo;
        Release(Timestamp.Later(everywhere, completeTo - limits.MaximumHold));
        if (_held.Count > limits.MaximumHeldEvents) Release(completeTo);
    }

    /// <summary>Hands over everything that is held. For the end, when no stream is left to wait for.</summary>
    public void Flush() => Release(Timestamp.Never);

    private void Release(Timestamp upTo)
    {
        if (upTo <= _told) return;
        if (upTo > _complete[(int)StreamKind.Scheduler]) Overrun();
        _held.Release(upTo, receiver);
        if (upTo < Timestamp.Never) _told = upTo;
    }

    /// <summary>
    /// Goes on without the scheduler: accounts that close meanwhile must not claim that nothing happened. The runtime
    /// needs no such mark, because nothing closes without it: what it tells late meets its iteration still open.
    /// </summary>
    private void Overrun()
    {
        if (_overrun) return;
        _overrun = true;
        Put(TimelineEvent.LossBegan(Timestamp.Later(_complete[(int)StreamKind.Scheduler], _told), LossScope.Scheduler));
    }

    private void CatchUp()
    {
        _overrun = false;
        Put(TimelineEvent.LossEnded(_told, LossScope.Scheduler));
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
        Timestamp newest = chain.NewestSwitch;
        if (chain.Follow(added)) return added;
        counters.ChainBreaks++;
        Lose(LossScope.Cpu(added.Cpu), newest, added.At);
        return added;
    }

    private TimelineEvent Delay(in TimelineEvent added, LossScope scope)
    {
        counters.CountLate(scope);
        return added.PlacedAt(_told);
    }

    /// <summary>A loss that began before the place the timeline has been told up to is late like an event.</summary>
    private void Lose(LossScope scope, Timestamp since, Timestamp until)
    {
        Timestamp place = Timestamp.Later(since, _told);
        Put(TimelineEvent.LossBegan(since, scope).PlacedAt(place));
        Put(TimelineEvent.LossEnded(Timestamp.Later(until, place), scope));
    }

    private void Put(in TimelineEvent added)
    {
        bool ofCpu = added.Kind <= EventKind.Waking || (IsLoss(added) && added.Cpu >= 0);
        _held.Add(ofCpu ? added.Cpu : RuntimeLane, added);
    }

    private void ForgetChains()
    {
        foreach (SwitchChain chain in _chains.Values) chain.Forget();
    }

    private bool IsHere(StreamKind stream) => _complete[(int)stream] < Timestamp.Never;

    private SwitchChain ChainOf(int cpu)
    {
        if (!_chains.TryGetValue(cpu, out SwitchChain? chain)) _chains.Add(cpu, chain = new SwitchChain());
        return chain;
    }

    private static bool IsLoss(in TimelineEvent added) => added.Kind is EventKind.LossBegan or EventKind.LossEnded;

    private static LossScope Scope(StreamKind stream) =>
        stream == StreamKind.Runtime ? LossScope.Runtime : LossScope.Scheduler;
}
