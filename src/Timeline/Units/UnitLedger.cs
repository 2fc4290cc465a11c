using System.Runtime.InteropServices;

namespace Observatory.Timeline;

/// <summary>
/// The units of work that are open, by their number, charged with the slices of the threads that work on them; and the
/// count of those that cannot be closed.
/// </summary>
/// <remarks>
/// A thread works on one unit at a time and knows it (<see cref="ThreadTrack.Segment"/>), so a slice is charged without a
/// search, and a loss is entered in <see cref="LossHistory"/> once, however many units are open.
/// </remarks>
internal sealed class UnitLedger(
    AccountClock clock, LossState loss, LossHistory losses, Pool pool, TimelineCounters counters) : ISliceConsumer
{
    /// <summary>Iterations that gave way to another one on their thread, of which the end may still come.</summary>
    public const int MostDisplaced = 64;

    private readonly Dictionary<UnitId, OpenUnit> _open = [];
    private readonly Dictionary<UnitId, int> _displaced = [];

    /// <summary>Units that are open.</summary>
    public int Count => _open.Count;

    /// <summary>Iterations whose thread has begun another one, as long as their end is waited for.</summary>
    public int Displaced => _displaced.Count;

    /// <summary>Opens a unit that no thread works on yet. One of the same number that is still open has lost its end.</summary>
    public OpenUnit Begin(in TimelineEvent began)
    {
        UnitId id = began.Unit;
        ref OpenUnit? place = ref CollectionsMarshal.GetValueRefOrAddDefault(_open, id, out _);
        if (place is { } old) Abandon(old);
        place = new OpenUnit(began, clock.Read(), losses, loss.RuntimeReasons, id.IsExclusive ? pool.Open() : null);
        // The operation that it waits for may begin before everything is told again.
        if (loss.Runtime) place.ForgetAwaited(clock.Counted);
        return place;
    }

    /// <summary>Opens an iteration: a unit that its thread works on at once. One that the thread still has open is displaced.</summary>
    public void BeginIteration(in TimelineEvent began, ThreadTrack thread)
    {
        if (thread.Segment.Unit is { } old) GiveWay(old);
        Begin(began).Enter(thread, clock.Now, clock.Counted);
    }

    /// <summary>An iteration is told of after its thread is gone: it has no account.</summary>
    public void Miss() => counters.EndsMissing++;

    /// <summary>Something of a unit was told too late to be put in its place.</summary>
    public void MarkLate(UnitId id) => _open.GetValueOrDefault(id)?.MarkIncomplete(IncompleteReasons.Late);

    /// <summary>Closes an iteration; null when it is not open.</summary>
    public UnitAccount? EndIteration(in TimelineEvent ended, ThreadTrack? thread)
    {
        if (_open.Remove(ended.Unit, out OpenUnit? unit))
        {
            bool isOfThread = unit.Thread is null || unit.Thread == thread;
            if (!isOfThread) counters.IterationsMoved++;
            return isOfThread ? Close(unit, ended) : CloseMoved(unit, thread, ended);
        }

        if (_displaced.Remove(ended.Unit, out int first))
        {
            if (first == ended.Thread) counters.IterationsNested++;
            else counters.IterationsMoved++;
        }
        else if (thread?.Segment.Unit is { } other)
        {
            // A thread ends what it began, so the end of that one is missing.
            _open.Remove(other.Id);
            Abandon(other);
        }

        counters.BeginningsMissing++;
        return null;
    }

    /// <summary>A thread begins to work on a unit, beside others or alone.</summary>
    public void BeginSegment(in TimelineEvent began, ThreadTrack thread)
    {
        if (thread.Segment.Unit is { } old) old.MarkUnknown(clock.Now, clock.Counted, IncompleteReasons.Contradiction);
        if (!_open.TryGetValue(began.Unit, out OpenUnit? unit)) return;
        if (began.IsLate) unit.MarkIncomplete(IncompleteReasons.Late);
        unit.Enter(thread, clock.Now, clock.Counted, began.Queued);
    }

    /// <summary>A thread stops working on a unit.</summary>
    public void EndSegment(in TimelineEvent ended, ThreadTrack? thread)
    {
        if (!_open.TryGetValue(ended.Unit, out OpenUnit? unit)) return;
        if (ended.IsLate) unit.MarkIncomplete(IncompleteReasons.Late);
        if (thread is not null && thread.Segment.Unit == unit) unit.Leave(thread, clock.Now, clock.Counted);
        else unit.MarkUnknown(clock.Now, clock.Counted, IncompleteReasons.Contradiction);
    }

    /// <summary>What a unit waited for has come.</summary>
    public void Ready(in TimelineEvent ready)
    {
        if (!_open.TryGetValue(ready.Unit, out OpenUnit? unit)) return;
        if (ready.IsLate) unit.MarkIncomplete(IncompleteReasons.Late);
        unit.Ready(clock.Counted);
    }

    /// <summary>What a unit waits for is another kind of operation from here on.</summary>
    public void Await(in TimelineEvent awaits)
    {
        if (!_open.TryGetValue(awaits.Unit, out OpenUnit? unit)) return;
        if (awaits.IsLate) unit.MarkIncomplete(IncompleteReasons.Late);
        // The next one may be among what is missing.
        unit.Await(loss.Runtime ? AwaitedFor.Unknown : awaits.Awaited, clock.Counted);
    }

    /// <summary>Closes a unit; null when it is not open.</summary>
    public UnitAccount? End(in TimelineEvent ended)
    {
        if (_open.Remove(ended.Unit, out OpenUnit? unit)) return Close(unit, ended);
        if (ended.Unit.IsExclusive) counters.BeginningsMissing++;
        else counters.UnitsUnpaired++;
        return null;
    }

    /// <summary>The end of a unit will not be seen: it has no account.</summary>
    public void Drop(UnitId id)
    {
        if (_open.Remove(id, out OpenUnit? unit)) Abandon(unit);
    }

    /// <summary>An event of a thread came too late for what it did in units that are still open and that it has left.</summary>
    public void Doubt(in TimelineEvent late)
    {
        foreach (OpenUnit unit in _open.Values) unit.Doubt(late);
    }

    /// <inheritdoc />
    public void Closed(in Slice slice)
    {
        if (slice.IsFlawed) losses.EnterFlaw();
        slice.Thread.Segment.Unit?.Charge(slice);
    }

    /// <summary>The iteration that the thread drove will not end; a request goes on without it.</summary>
    public void Gone(ThreadTrack thread)
    {
        if (thread.Segment.Unit is not { } unit) return;
        if (unit.Id.IsExclusive) Drop(unit.Id);
        else unit.Leave(thread, clock.Now, clock.Counted);
    }

    /// <summary>Marks of the runtime were lost: which thread works on a unit that moves between threads is not known any more.</summary>
    public void MarkSegmentsUnknown(IncompleteReasons why)
    {
        foreach (OpenUnit unit in _open.Values)
        {
            if (unit.Id.IsExclusive) continue;
            unit.MarkUnknown(clock.Now, clock.Counted, why);
            unit.ForgetAwaited(clock.Counted);
        }
    }

    /// <summary>The recording is over: what is open will not end.</summary>
    public void AbandonAll()
    {
        foreach (OpenUnit unit in _open.Values) Abandon(unit);
        _open.Clear();
    }

    private UnitAccount CloseMoved(OpenUnit unit, ThreadTrack? thread, in TimelineEvent ended)
    {
        // Since when it is this thread's nothing has told.
        unit.MarkUnknown(clock.Now, clock.Counted, IncompleteReasons.ThreadChanged);
        if (thread is { Segment.Unit: null }) unit.Enter(thread, clock.Now, clock.Counted);
        return Close(unit, ended, isSplitKnown: false);
    }

    private UnitAccount Close(OpenUnit unit, in TimelineEvent ended, bool isSplitKnown = true)
    {
        PoolAccount meanwhile = unit.Window is { } window ? pool.Close(window) : PoolAccount.None;
        UnitAccount account = unit.Close(ended, clock.Read(), losses, meanwhile, isSplitKnown);
        if (!unit.Id.IsExclusive)
        {
            counters.UnitsClosed++;
            return account;
        }

        counters.IterationsClosed++;
        if (!account.IsComplete) counters.IterationsIncomplete++;
        return account;
    }

    /// <summary>An iteration begins on a thread that works on another unit.</summary>
    private void GiveWay(OpenUnit unit)
    {
        if (unit.Id.IsExclusive) Displace(unit);
        else unit.MarkUnknown(clock.Now, clock.Counted, IncompleteReasons.Contradiction);
    }

    private void Displace(OpenUnit unit)
    {
        if (_displaced.Count >= MostDisplaced) _displaced.Clear();
        if (unit.Thread is { } thread) _displaced[unit.Id] = thread.Id;
        _open.Remove(unit.Id);
        Abandon(unit);
    }

    private void Abandon(OpenUnit unit)
    {
        unit.LeaveAll(clock.Now, clock.Counted);
        if (unit.Window is { } window) pool.Drop(window);
        if (unit.Id.IsExclusive) counters.EndsMissing++;
        else counters.UnitsUnpaired++;
    }
}
