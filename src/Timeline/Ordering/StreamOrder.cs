namespace Observatory.Timeline;

/// <summary>
/// Takes events as sources deliver them and hands them over in the order of time, with what is known to be missing
/// among them (see <see cref="LossEntry"/>).
/// </summary>
/// <remarks>
/// An event is held until every stream has said that it is complete up to there, so no fixed delay has to be guessed:
/// EventPipe may lag by seconds, the kernel's rings by milliseconds. <see cref="TimelineLimits"/> bound the wait when
/// a stream stands still; what then comes late is counted, keeps its true time, and makes open accounts incomplete.
/// </remarks>
internal sealed class StreamOrder
{
    private readonly TimelineLimits _limits;
    private readonly TimelineCounters _counters;
    private readonly Action<TimelineEvent> _receiver;
    private readonly HeldEvents _held = new();
    private readonly StreamProgress _progress = new();
    private readonly LossEntry _losses;
    private bool _overrun;

    public StreamOrder(TimelineLimits limits, TimelineCounters counters, Action<TimelineEvent> receiver)
    {
        _limits = limits;
        _counters = counters;
        _receiver = receiver;
        _losses = new LossEntry(_held, counters);
    }

    /// <summary>Events held back.</summary>
    public int Held => _held.Count;

    /// <summary>Lanes they are held in.</summary>
    public int Lanes => _held.Lanes;

    /// <summary>Rings whose switches are followed.</summary>
    public int Chains => _losses.Chains;

    /// <summary>A stream joins: from now on events wait for it. One that is here already left where it was complete.</summary>
    public void Join(StreamKind stream, Timestamp from)
    {
        if (_progress.IsHere(stream)) Leave(stream, _progress[stream]);
        _losses.End(Scope(stream), _progress.Join(stream, from));
    }

    /// <summary>A stream ended: nothing waits for it any more, and what it would have told is unknown from here on.</summary>
    public void Leave(StreamKind stream, Timestamp at)
    {
        if (!_progress.IsHere(stream)) return;
        _progress.Leave(stream, at);
        if (stream == StreamKind.Scheduler) _losses.ForgetChains();
        _losses.Begin(Scope(stream), at, IncompleteReasons.NotJoined);
    }

    /// <summary>Adds one event of a source.</summary>
    public void Add(TimelineEvent added)
    {
        if (added.IsOfRing) added = _losses.Follow(added);
        if (added.At < _held.Told) added = Delay(added);
        _held.Put(added);
    }

    /// <summary>Says that events of a scope are missing somewhere up to an instant: since the last one at the earliest.</summary>
    public void AddLoss(LossScope scope, Timestamp until, IncompleteReasons why) => _losses.Add(scope, until, why);

    /// <summary>A stream says that it delivered everything up to an instant.</summary>
    public void Advance(StreamKind stream, Timestamp completeTo)
    {
        _progress.Advance(stream, completeTo);
        if (_overrun && _progress[StreamKind.Scheduler] >= _held.Told) CatchUp();
        Timestamp everywhere = _progress.Everywhere;
        if (everywhere == Timestamp.Never) everywhere = completeTo;
        Release(Timestamp.Later(everywhere, completeTo - _limits.MaximumHold));
        if (_held.Count > _limits.MaximumHeldEvents) Release(completeTo);
    }

    /// <summary>Hands over everything that is held. For the end, when no stream is left to wait for.</summary>
    public void Flush() => Release(Timestamp.Never);

    private void Release(Timestamp upTo)
    {
        if (upTo <= _held.Told) return;
        if (upTo > _progress[StreamKind.Scheduler]) Overrun();
        _held.Release(upTo, _receiver);
    }

    /// <summary>
    /// Goes on without the scheduler: accounts that close meanwhile must not claim that nothing happened. The runtime
    /// needs no such mark, because nothing closes without it: what it tells late meets its iteration still open.
    /// </summary>
    private void Overrun()
    {
        if (_overrun) return;
        _overrun = true;
        // From here on, not earlier: what was told up to here was complete.
        Timestamp from = Timestamp.Later(_progress[StreamKind.Scheduler], _held.Told);
        _losses.Begin(LossScope.Scheduler, from, IncompleteReasons.Stalled);
    }

    private void CatchUp()
    {
        _overrun = false;
        _losses.End(LossScope.Scheduler, _held.Told);
    }

    private TimelineEvent Delay(in TimelineEvent added)
    {
        if (added.IsOfSource) _counters.CountLate(added.IsOfRing ? LossScope.Scheduler : LossScope.Runtime);
        return added.PlacedAt(_held.Told);
    }

    private static LossScope Scope(StreamKind stream) =>
        stream == StreamKind.Runtime ? LossScope.Runtime : LossScope.Scheduler;
}
