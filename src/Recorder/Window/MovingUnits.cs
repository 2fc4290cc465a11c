using System.Runtime.InteropServices;
using Observatory.Timeline;

namespace Observatory.Recorder;

/// <summary>
/// Follows the units of work that move between threads through a window: which thread worked on each, and what it waited
/// for in between. The rules are those of the timeline's own ledger, so that the stretches add up to the unit's account: of
/// several threads at once the one leads that has worked on it longest.
/// </summary>
/// <param name="start">First instant of the window.</param>
/// <param name="accounts">Accounts that were closed in the window.</param>
/// <param name="closed">Receives each unit that ended, or will not end.</param>
internal sealed class MovingUnits(Timestamp start, IReadOnlyDictionary<UnitId, UnitAccount> accounts, ICollection<RecordedUnit> closed)
{
    private readonly Dictionary<UnitId, Moving> _open = [];
    private readonly Dictionary<int, Moving> _ofThread = [];

    // Since when each thread has been in its state.
    private readonly Dictionary<int, Timestamp> _changed = [];

    // Work that is left behind goes on after the end of its unit, and is no more of it.
    private readonly HashSet<UnitId> _over = [];

    /// <summary>The next event of the window. Those that concern no unit are ignored.</summary>
    public void Apply(in TimelineEvent happened)
    {
        switch (happened.Kind)
        {
            case EventKind.UnitBegan: Begin(happened); break;
            case EventKind.SegmentBegan: Enter(happened); break;
            case EventKind.SegmentEnded when !_over.Contains(happened.Unit): Leave(happened); break;
            case EventKind.UnitReady when !_over.Contains(happened.Unit):
                Moving ready = Find(happened, AccountState.Awaiting);
                if (ready.Leader == 0) ready.Turn(0, AccountState.Queued, happened.At);
                break;
            case EventKind.UnitAwaits:
                if (_open.TryGetValue(happened.Unit, out Moving? waiting)) waiting.Await(happened.Awaited, happened.At);
                break;
            case EventKind.UnitEnded: End(happened); break;
            case EventKind.UnitDropped:
                if (_open.Remove(happened.Unit, out Moving? dropped)) Close(dropped, happened.At, null);
                break;
            case EventKind.LossBegan when happened.Scope.IsRuntime:
                foreach (Moving unit in _open.Values) Lose(unit, happened.At);
                break;
        }
    }

    /// <summary>A thread has ended: what it worked on goes on without it.</summary>
    public void Gone(int thread, Timestamp at)
    {
        if (_ofThread.Remove(thread, out Moving? unit)) unit.Leave(thread, at);
    }

    /// <summary>A thread's state has changed.</summary>
    public void Changed(int thread, Timestamp at)
    {
        if (_open.Count > 0) _changed[thread] = at;
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
        _over.Remove(began.Unit);
        if (_open.Remove(began.Unit, out Moving? lost)) Close(lost, began.At, null);
        _open[began.Unit] = new Moving(began.Unit, began.Happened, began.Configuration, AccountState.Queued, began.At);
    }

    /// <summary>The unit, which may have begun before the window: then its account tells when, should it end in the window.</summary>
    private Moving Find(in TimelineEvent happened, AccountState? gap = null)
    {
        if (_open.TryGetValue(happened.Unit, out Moving? unit)) return unit;
        return _open[happened.Unit] = new Moving(happened.Unit, null, null, gap, start);
    }

    private void Enter(in TimelineEvent began)
    {
        if (_ofThread.TryGetValue(began.Thread, out Moving? old)) Lose(old, began.At);
        if (_over.Contains(began.Unit)) return;
        Moving unit = Find(began);
        unit.Enter(began.Thread, began.At, began.Queued);
        _ofThread[began.Thread] = unit;
    }

    private void Leave(in TimelineEvent ended)
    {
        Moving unit = Find(ended);
        // It began before the window, and the thread has worked on it since.
        bool beganBefore = unit is { Began: null, Stretches.Count: 0, Threads.Count: 0 };
        if (beganBefore) unit.Enter(ended.Thread, start, Duration.Zero);
        if (unit.Threads.Contains(ended.Thread))
        {
            _ofThread.Remove(ended.Thread);
            unit.Leave(ended.Thread, ended.At);
        }
        else
        {
            Lose(unit, ended.At);
        }
    }

    private void End(in TimelineEvent ended)
    {
        _over.Add(ended.Unit);
        if (!_open.Remove(ended.Unit, out Moving? unit)) unit = new Moving(ended.Unit, null, null, null, start);
        // A thread leaves a request a moment before it tells its end: what it did in that moment was still for it.
        bool isOfLast = unit.Last == ended.Thread && !_ofThread.ContainsKey(ended.Thread)
            && _changed.GetValueOrDefault(ended.Thread, start) <= unit.Since;
        if (isOfLast) unit.GoOn();
        Close(unit, ended.At, ended.Happened);
    }

    /// <summary>From here on it is not known which thread works on it.</summary>
    private void Lose(Moving unit, Timestamp at)
    {
        Release(unit);
        unit.Turn(0, AccountState.Unknown, at);
        unit.Await(AwaitedFor.Unknown, at);
    }

    private void Release(Moving unit)
    {
        foreach (int thread in unit.Threads) _ofThread.Remove(thread);
        unit.Threads.Clear();
    }

    private void Close(Moving unit, Timestamp at, Timestamp? ended)
    {
        Release(unit);
        unit.Turn(0, null, at);
        UnitAccount? account = ended is not null && accounts.TryGetValue(unit.Id, out UnitAccount found) ? found : null;
        // Of a unit that neither begins nor ends in the window nothing tells what it is.
        if ((unit.Configuration ?? account?.Configuration) is not { } configuration) return;
        // What it waited for is told by segments only.
        if (account is { Segments: 0 }) unit.ForgetGaps();
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
        private AwaitedFor _awaits = began is null ? AwaitedFor.Unknown : AwaitedFor.Other;

        public UnitId Id => id;

        /// <summary>When it began; null where that was before the window.</summary>
        public Timestamp? Began => began;

        public long? Configuration => configuration;

        /// <summary>The threads that work on it, in the order in which they began.</summary>
        public List<int> Threads { get; } = [];

        /// <summary>The thread whose states are those of its wall time; 0 in a gap.</summary>
        public int Leader { get; private set; }

        public List<UnitStretch> Stretches { get; } = [];

        public Dictionary<int, Duration> Holders { get; } = [];

        /// <summary>In a wait that nothing has ended, the thread that left it last; else 0.</summary>
        public int Last { get => Leader == 0 && _gap == AccountState.Awaiting ? field : 0; private set; }

        /// <summary>When the present stretch began.</summary>
        public Timestamp Since => _since;

        /// <summary>A thread begins to work on it, beside others or alone.</summary>
        /// <param name="thread">The thread.</param>
        /// <param name="at">When.</param>
        /// <param name="queued">How long before that it was ready, where that is told with the segment only.</param>
        public void Enter(int thread, Timestamp at, Duration queued)
        {
            Threads.Add(thread);
            if (Leader != 0) return;
            if (_gap == AccountState.Awaiting && queued > Duration.Zero) Turn(0, AccountState.Queued, Timestamp.Later(at - queued, _since));
            Turn(thread, null, at);
        }

        /// <summary>A thread stops working on it. The next one leads, or it waits.</summary>
        public void Leave(int thread, Timestamp at)
        {
            Threads.Remove(thread);
            if (thread != Leader) return;
            if (Threads.Count > 0) Turn(Threads[0], null, at);
            else Turn(0, AccountState.Awaiting, at);
            Last = thread;
        }

        /// <summary>What it waits for, while no thread works on it, is another kind of operation from here on.</summary>
        public void Await(AwaitedFor next, Timestamp at)
        {
            if (Leader == 0 && _gap == AccountState.Awaiting) Turn(0, _gap, at);
            _awaits = next;
        }

        /// <summary>The thread that left it last has not left yet.</summary>
        public void GoOn()
        {
            Leader = Last;
            _gap = null;
            if (Stretches is not [.., var before] || before.Thread != Leader || before.To != _since) return;
            Stretches.RemoveAt(Stretches.Count - 1);
            _since = before.From;
        }

        public void ForgetGaps()
        {
            for (int i = 0; i < Stretches.Count; i++) Stretches[i] = Stretches[i] with { Gap = AccountState.Unknown };
        }

        /// <summary>Ends the present stretch and begins another: of a thread, or a gap, or nothing that is known.</summary>
        public void Turn(int leader, AccountState? next, Timestamp at)
        {
            bool isTold = Leader != 0 || _gap is not null;
            if (isTold && at > _since) Stretches.Add(new UnitStretch(Leader, _gap ?? AccountState.Unknown, _since, at) { Awaited = _awaits });
            (Leader, _gap, _since) = (leader, next, at);
        }
    }
}
