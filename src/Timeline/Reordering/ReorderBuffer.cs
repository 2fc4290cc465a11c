namespace Observatory.Timeline;

/// <summary>
/// The reorder buffer: takes events as sources deliver them and releases them in the order of time, with what is known
/// to be missing among them (see <see cref="LossIntervals"/>).
/// </summary>
/// <remarks>
/// An event is held until the watermarks of all streams have passed it, so no fixed delay has to be guessed:
/// EventPipe may lag by seconds, the kernel's rings by milliseconds. <see cref="TimelineLimits"/> bound the wait when
/// a stream stands still; what then comes late is counted, keeps its true time, and makes open accounts incomplete.
/// </remarks>
internal sealed class ReorderBuffer
{
    /// <summary>About as many events are handed over at once: some milliseconds.</summary>
    private const int Step = 32_768;

    private readonly TimelineLimits _limits;
    private readonly TimelineCounters _counters;
    private readonly EventsReceiver _receiver;
    private readonly HeldEvents _held = new();
    private readonly Watermarks _watermarks = new();
    private readonly LossIntervals _losses;
    private bool _overrun;
    private Timestamp _claimed = Timestamp.Zero;
    private Timestamp _due = Timestamp.Zero;

    public ReorderBuffer(TimelineLimits limits, TimelineCounters counters, EventsReceiver receiver)
    {
        _limits = limits;
        _counters = counters;
        _receiver = receiver;
        _losses = new LossIntervals(_held, counters);
    }

    /// <summary>Events held back.</summary>
    public int Held => _held.Count;

    /// <summary>Memory of the events held back, and of what is kept for the next flood.</summary>
    public long Bytes => _held.Bytes + _held.FreeBytes;

    /// <summary>Lanes they are held in.</summary>
    public int Lanes => _held.Lanes;

    /// <summary>Rings whose switches are followed.</summary>
    public int Chains => _losses.Chains;

    /// <summary>A stream joins: from now on events wait for it. One that is here already left where it was complete.</summary>
    public void Join(StreamKind stream, Timestamp from)
    {
        if (_losses.Joined == Timestamp.Zero) _losses.Joined = from;
        if (_watermarks.IsHere(stream)) Leave(stream, _watermarks[stream]);
        _losses.End(Scope(stream), _watermarks.Join(stream, from));
    }

    /// <summary>A stream ended: nothing waits for it any more, and what it would have told is unknown from here on.</summary>
    public void Leave(StreamKind stream, Timestamp at)
    {
        if (!_watermarks.IsHere(stream)) return;
        _watermarks.Leave(stream, at);
        if (stream == StreamKind.Scheduler) _losses.MarkChainsUnknown();
        _losses.Begin(Scope(stream), at, IncompleteReasons.NotJoined);
    }

    /// <summary>
    /// The scheduler is not observed from an instant on, on purpose. Its stream goes on: that there is nothing to tell is complete.
    /// </summary>
    public void Pause(Timestamp at) => _losses.Begin(LossScope.Scheduler, at, IncompleteReasons.Paused);

    /// <summary>It is observed again; switches need not follow from those before.</summary>
    public void Resume(Timestamp at)
    {
        _losses.MarkChainsUnknown();
        _losses.End(LossScope.Scheduler, at);
    }

    /// <summary>Adds one event of a source.</summary>
    public void Add(in TimelineEvent added)
    {
        if (added is { IsSwitch: true, Thread: < 0 }) Follow(_losses.Identify(added));
        else Follow(added);
    }

    /// <summary>Adds packed ones of one ring, in its order.</summary>
    public void Add(ReadOnlySpan<PackedEvent> ofOneRing)
    {
        while (!ofOneRing.IsEmpty)
        {
            // Most of what a busy machine sends is as it should be, and is put in place at once.
            int sound = _losses.FollowSound(ofOneRing);
            _held.Put(ofOneRing[..sound]);
            if (sound == ofOneRing.Length) return;
            Add(ofOneRing[sound]);
            ofOneRing = ofOneRing[(sound + 1)..];
        }
    }

    private void Add(in PackedEvent added)
    {
        if (added.At < _held.ReleasedUpTo || (added.IsSwitch && added.Thread < 0))
        {
            if (added.IsHandOver) Add(added.UnpackLeaving());
            Add(added.Unpack());
            return;
        }

        _losses.Follow(added);
        _held.Put(added);
    }

    /// <summary>Says that events of a scope are missing somewhere up to an instant: since the last one at the earliest.</summary>
    public void AddLoss(LossScope scope, Timestamp until, IncompleteReasons why) => _losses.Add(scope, until, why);

    /// <summary>A stream says that it delivered everything up to an instant. What that lets go comes with <see cref="ReleaseSome"/>.</summary>
    public void Advance(StreamKind stream, Timestamp completeTo)
    {
        _watermarks.Advance(stream, completeTo);
        if (_overrun && _watermarks[StreamKind.Scheduler] >= _held.ReleasedUpTo) CatchUp();
        Timestamp everywhere = _watermarks.Everywhere;
        if (everywhere == Timestamp.Never) everywhere = completeTo;
        _due = Timestamp.Later(_due, Timestamp.Later(everywhere, completeTo - _limits.MaximumHold));
        _claimed = Timestamp.Later(_claimed, completeTo);
        _held.Trim();
    }

    /// <summary>
    /// Hands over some of what nothing has to wait for any more, and what is held above the bound. After a stream stood still
    /// that is seconds of a busy machine, and sources would wait for room as long as handing it over at once takes.
    /// </summary>
    /// <returns>False when that was all.</returns>
    public bool ReleaseSome()
    {
        ReleaseExcess();
        if (_due <= _held.ReleasedUpTo) return false;
        Release(_held.Count <= Step ? _due : Between(_due, parts: (_held.Count / Step) + 1));
        return _due > _held.ReleasedUpTo;
    }

    /// <summary>Hands over everything that is held. For the end, when no stream is left to wait for.</summary>
    public void Flush() => Release(Timestamp.Never);

    /// <summary>
    /// Where more is held than may be, the oldest of it is told without waiting for the streams that are behind: first up to what
    /// one of them claimed, then, where none claims anything, up to what has been read.
    /// </summary>
    private void ReleaseExcess()
    {
        while (_held.Bytes > _limits.MaximumHeldBytes)
        {
            Timestamp known = _held.ReleasedUpTo < _claimed ? _claimed : _held.NewestOfRing;
            if (known <= _held.ReleasedUpTo) return;
            Timestamp upTo = Between(known, parts: 8);
            // What nothing waits for goes first.
            Release(_due > _held.ReleasedUpTo ? Timestamp.Earlier(upTo, _due) : upTo);
        }
    }

    /// <summary>An instant between the oldest event and another instant, which brings nearly as large a part of what is held.</summary>
    private Timestamp Between(Timestamp upTo, int parts)
    {
        Timestamp oldest = Timestamp.Later(_held.Oldest, _held.ReleasedUpTo);
        long part = (upTo - oldest).Nanoseconds / parts;
        return part > 0 ? oldest + new Duration(part) : upTo;
    }

    private void Release(Timestamp upTo)
    {
        if (upTo <= _held.ReleasedUpTo) return;
        if (upTo > _watermarks[StreamKind.Scheduler]) Overrun();
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
        Timestamp from = Timestamp.Later(_watermarks[StreamKind.Scheduler], _held.ReleasedUpTo);
        _losses.Begin(LossScope.Scheduler, from, IncompleteReasons.Stalled);
    }

    private void CatchUp()
    {
        _overrun = false;
        _losses.End(LossScope.Scheduler, _held.ReleasedUpTo);
    }

    private void Follow(in TimelineEvent added)
    {
        if (added.IsOfRing) _losses.Follow(added);
        if (added.At < _held.ReleasedUpTo) _held.Put(Delay(added));
        else _held.Put(added);
    }

    private TimelineEvent Delay(in TimelineEvent added)
    {
        if (added.IsOfSource) _counters.CountLate(added.IsOfRing ? LossScope.Scheduler : LossScope.Runtime);
        return added.PlacedAt(_held.ReleasedUpTo);
    }

    private static LossScope Scope(StreamKind stream) =>
        stream == StreamKind.Runtime ? LossScope.Runtime : LossScope.Scheduler;
}

/// <summary>The watermark of each stream: how far it said that it is complete. Nothing waits for a stream that is not here.</summary>
internal sealed class Watermarks
{
    private readonly Timestamp[] _complete = [Timestamp.Never, Timestamp.Never];
    private readonly Timestamp[] _left = new Timestamp[2];

    /// <summary>How far one stream is complete; <see cref="Timestamp.Never"/> when it is not here.</summary>
    public Timestamp this[StreamKind stream] => _complete[(int)stream];

    /// <summary>How far all streams that are here are complete; <see cref="Timestamp.Never"/> when none is.</summary>
    public Timestamp Everywhere => Timestamp.Earlier(_complete[0], _complete[1]);

    public bool IsHere(StreamKind stream) => this[stream] < Timestamp.Never;

    /// <summary>A stream joins. Returns from where on it is complete: it does not come back before it left.</summary>
    public Timestamp Join(StreamKind stream, Timestamp from)
    {
        _complete[(int)stream] = from;
        return Timestamp.Later(from, _left[(int)stream]);
    }

    public void Leave(StreamKind stream, Timestamp at)
    {
        _complete[(int)stream] = Timestamp.Never;
        _left[(int)stream] = at;
    }

    /// <summary>A stream is complete up to an instant; it never takes back what it said.</summary>
    public void Advance(StreamKind stream, Timestamp completeTo) =>
        _complete[(int)stream] = Timestamp.Later(this[stream], completeTo);
}

/// <summary>The two kinds of streams that meet on the timeline. Each says how far it is complete.</summary>
public enum StreamKind
{
    /// <summary>Events of the target's runtime: suspensions and iterations.</summary>
    Runtime,

    /// <summary>Events of the kernel's scheduler, all CPUs.</summary>
    Scheduler,
}

/// <summary>How long and how much the timeline waits for a stream that stands still.</summary>
public sealed record TimelineLimits
{
    /// <summary>Longest time an event is held back. EventPipe was seen to lag 2.7 s; a stalled target lags for ever.</summary>
    public Duration MaximumHold { get; init; } = Duration.FromMilliseconds(10_000);

    /// <summary>
    /// Most memory of events held back, in bytes. A switch or a wake-up takes 16, what else happens 64: the default holds
    /// more than two seconds of a million and a half scheduler events a second. Above it the oldest are told although a stream may still
    /// have something to say about their time: without the scheduler's, accounts are incomplete (<see cref="IncompleteReasons.Stalled"/>);
    /// what comes later is counted as late. What one delivery adds comes on top.
    /// </summary>
    public long MaximumHeldBytes { get; init; } = 64 << 20;
}
