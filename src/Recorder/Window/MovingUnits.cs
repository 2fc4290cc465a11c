using System.Runtime.InteropServices;
using Observatory.Timeline;

namespace Observatory.Recorder;

/// <summary>
/// Follows the units of work that move between threads through a window: which thread worked on each, and what it waited
/// for in between. The rules are those of the timeline's own ledger, so that the stretches add up to the unit's account.
/// </summary>
/// <param name="start">First instant of the window.</param>
/// <param name="accounts">Accounts that were closed in the window.</param>
/// <param name="closed">Receives each unit that ended, or will not end.</param>
internal sealed class MovingUnits(Timestamp start, IReadOnlyDictionary<UnitId, UnitAccount> accounts, ICollection<RecordedUnit> closed)
{
    private readonly Dictionary<UnitId, Moving> _open = [];
    private readonly Dictionary<int, Moving> _ofThread = [];

    /// <summary>The next event of the window. Those that concern no unit are ignored.</summary>
    public void Apply(in TimelineEvent happened)
    {
        switch (happened.Kind)
        {
            case EventKind.UnitBegan: Begin(happened); break;
            case EventKind.SegmentBegan: Enter(Find(happened), happened.Thread, happened.At); break;
            case EventKind.SegmentEnded: Leave(happened); break;
            case EventKind.UnitReady:
                Moving ready = Find(happened, AccountState.Awaiting);
                if (ready.Thread == 0) ready.Turn(0, AccountState.Queued, happened.At);
                break;
            case EventKind.UnitEnded: End(happened); break;
            case EventKind.LossBegan when happened.Scope.IsRuntime:
                foreach (Moving unit in _open.Values) Lose(unit, happened.At);
                break;
        }
    }

    /// <summary>A thread has ended: what it worked on will not.</summary>
    public void Gone(int thread, Timestamp at)
    {
        if (!_ofThread.TryGetValue(thread, out Moving? unit)) return;
        _open.Remove(unit.Id);
        Close(unit, at, null);
    }

    /// <summary>Another thread held the CPU while one waited that works on a unit. False where it works on none.</summary>
    public bool Held(int waiting, int holder, Duration time)
    {
        if (!_ofThread.TryGetValue(waiting, out Moving? unit)) return false;
        ref Duration sum = ref CollectionsMarshal.GetValueRefOrAddDefault(unit.Holders, holder, out _);
        sum += time;
        return true;
    }

    /// <summary>The window is over.</summary>
    public void Finish(Timestamp end)
    {
        foreach (Moving unit in _open.Values.ToArray()) Close(unit, end, null);
        _open.Clear();
    }

    private void Begin(in TimelineEvent began)
    {
        if (_open.Remove(began.Unit, out Moving? lost)) Close(lost, began.At, null);
        _open[began.Unit] = new Moving(began.Unit, began.Happened, began.Configuration, AccountState.Queued, began.At);
    }

    /// <summary>The unit, which may have begun before the window: then its account tells when, should it end in the window.</summary>
    private Moving Find(in TimelineEvent happened, AccountState? gap = null)
    {
        if (_open.TryGetValue(happened.Unit, out Moving? unit)) return unit;
        return _open[happened.Unit] = new Moving(happened.Unit, null, null, gap, start);
    }

    private void Enter(Moving unit, int thread, Timestamp at)
    {
        if (_ofThread.TryGetValue(thread, out Moving? old)) Lose(old, at);
        Release(unit);
        unit.Turn(thread, null, at);
        _ofThread[thread] = unit;
    }

    private void Leave(in TimelineEvent ended)
    {
        Moving unit = Find(ended);
        bool isSeen = unit.Thread == ended.Thread;
        // It began before the window, and the thread has worked on it since.
        bool beganBefore = unit is { Began: null, Stretches.Count: 0, Thread: 0 };
        if (beganBefore) unit.Turn(ended.Thread, null, start);
        Release(unit);
        unit.Turn(0, isSeen || beganBefore ? AccountState.Awaiting : AccountState.Unknown, ended.At);
    }

    private void End(in TimelineEvent ended)
    {
        if (!_open.Remove(ended.Unit, out Moving? unit)) unit = new Moving(ended.Unit, null, null, null, start);
        Close(unit, ended.At, ended.Happened);
    }

    /// <summary>From here on it is not known which thread works on it.</summary>
    private void Lose(Moving unit, Timestamp at)
    {
        Release(unit);
        unit.Turn(0, AccountState.Unknown, at);
    }

    private void Release(Moving unit)
    {
        if (unit.Thread != 0 && _ofThread.GetValueOrDefault(unit.Thread) == unit) _ofThread.Remove(unit.Thread);
    }

    private void Close(Moving unit, Timestamp at, Timestamp? ended)
    {
        Release(unit);
        unit.Turn(0, null, at);
        UnitAccount? account = ended is not null && accounts.TryGetValue(unit.Id, out UnitAccount found) ? found : null;
        // Of a unit that neither begins nor ends in the window nothing tells what it is.
        if ((unit.Configuration ?? account?.Configuration) is not { } configuration) return;
        int first = account?.Thread ?? unit.Stretches.FirstOrDefault(stretch => stretch.Thread != 0).Thread;
        closed.Add(new RecordedUnit(first, unit.Id.Number, configuration, unit.Began ?? account!.Value.Began, ended, account)
        {
            Kind = unit.Id.Kind, Stretches = unit.Stretches, Holders = unit.Holders,
        });
    }

    private sealed class Moving(UnitId id, Timestamp? began, long? configuration, AccountState? gap, Timestamp since)
    {
        private AccountState? _gap = gap;
        private Timestamp _since = since;

        public UnitId Id => id;

        /// <summary>When it began; null where that was before the window.</summary>
        public Timestamp? Began => began;

        public long? Configuration => configuration;

        /// <summary>The thread that works on it; 0 in a gap.</summary>
        public int Thread { get; private set; }

        public List<UnitStretch> Stretches { get; } = [];

        public Dictionary<int, Duration> Holders { get; } = [];

        /// <summary>Ends the present stretch and begins another: of a thread, or a gap, or nothing that is known.</summary>
        public void Turn(int thread, AccountState? next, Timestamp at)
        {
            bool isTold = Thread != 0 || _gap is not null;
            if (isTold && at > _since) Stretches.Add(new UnitStretch(Thread, _gap ?? AccountState.Unknown, _since, at));
            (Thread, _gap, _since) = (thread, next, at);
        }
    }
}
