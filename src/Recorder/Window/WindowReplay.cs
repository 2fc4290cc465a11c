using System.Runtime.InteropServices;
using Observatory.Timeline;
using ThreadState = Observatory.Timeline.ThreadState;

namespace Observatory.Recorder;

/// <summary>Replays the generations of a cut and gathers what a <see cref="RecordedWindow"/> holds.</summary>
public sealed class WindowReplay : IReplayObserver
{
    /// <summary>A window full of losses ends in fewer of them, not in all the memory there is.</summary>
    private const int MostOfAKind = 200_000;

    private readonly IReadOnlyList<Generation> _generations;
    private readonly TimeRange _focus;
    private readonly Dictionary<UnitId, UnitAccount> _accounts = [];
    private readonly Dictionary<int, OpenIteration> _open = [];
    private readonly Dictionary<int, ThreadRole> _roles = [];
    private readonly Dictionary<int, CpuSlice> _onCpu = [];
    private readonly Dictionary<LossScope, (Timestamp Since, int Count, IncompleteReasons Why)> _lost = [];
    private readonly HashSet<(int, Timestamp)> _noSleeps = [];
    private readonly Dictionary<int, Timestamp> _gaveUp = [];
    private readonly Dictionary<int, Timestamp> _cameIn = [];
    private readonly List<TimeRange> _suspensions = [];
    private readonly List<RecordedLoss> _losses = [];
    private readonly List<RecordedUnit> _units = [];
    private readonly List<ThreadSlice> _besideSwitches = [];
    private readonly List<ThreadSlice> _states = [];
    private readonly List<CpuSlice> _lanes = [];
    private readonly MovingUnits _moving;
    private ThreadSlice _told;
    private Timestamp? _suspended;

    private WindowReplay(IReadOnlyList<Generation> generations, TimeRange focus)
    {
        (_generations, _focus) = (generations, focus);
        _moving = new MovingUnits(generations[0].From, _accounts, _units);
    }

    /// <summary>Replays generations that follow one another.</summary>
    /// <param name="generations">At least one.</param>
    /// <param name="focus">The part of which every slice is kept.</param>
    public static RecordedWindow Run(IReadOnlyList<Generation> generations, TimeRange focus)
    {
        ArgumentNullException.ThrowIfNull(generations);
        ArgumentOutOfRangeException.ThrowIfZero(generations.Count, nameof(generations));
        return new WindowReplay(generations, focus).Run();
    }

    /// <inheritdoc />
    public void StateEnded(in ThreadSlice slice)
    {
        _told = slice;
        _moving.Changed(slice.Thread, slice.To);
        Timestamp start = _generations[0].From;
        if (slice.To <= start) return;
        bool gaveUp = _gaveUp.TryGetValue(slice.Thread, out Timestamp at) && at == slice.From;
        if (slice.State == ThreadState.Waking && gaveUp) _noSleeps.Add((slice.Thread, slice.From));
        ThreadSlice inside = slice with { From = Timestamp.Later(slice.From, start) };
        if (!IsOfScheduler(slice) && _besideSwitches.Count < MostOfAKind) _besideSwitches.Add(inside);
        if (_focus.Inside(inside.From, inside.To) > Duration.Zero) _states.Add(inside);
    }

    /// <inheritdoc />
    public void HeldMeanwhile(int waiting, int holder, Duration time)
    {
        if (_open.TryGetValue(waiting, out OpenIteration? own))
        {
            Add(own.Holders, holder, time);
            return;
        }

        if (_moving.Held(waiting, holder, time)) return;
        foreach (OpenIteration unit in _open.Values)
        {
            if (_told.From >= unit.Began.Happened) Add(unit.HoldersOfOthers, holder, time);
        }
    }

    /// <summary>False where the state is not known, and where an event of the thread's own proves that it ran.</summary>
    private bool IsOfScheduler(in ThreadSlice slice) => slice.State switch
    {
        ThreadState.Unknown => false,
        ThreadState.Running => _cameIn.GetValueOrDefault(slice.Thread) == slice.From,
        _ => true,
    };

    private RecordedWindow Run()
    {
        foreach (Generation generation in _generations)
        {
            foreach (ReadOnlyMemory<UnitAccount> block in generation.Accounts())
            {
                foreach (UnitAccount account in block.Span) _accounts[new UnitId(account.Kind, account.Iteration)] = account;
            }
        }

        TimelineCheckpoint start = _generations[0].Start;
        foreach (ThreadNow thread in start.Threads.Where(thread => thread.State == ThreadState.Blocked)) _gaveUp[thread.Thread] = thread.Since;
        _suspended = start.SuspendedSince is null ? null : start.At;
        foreach (ThreadNow thread in start.Threads)
        {
            _roles[thread.Thread] = thread.Role;
            if (thread is { State: ThreadState.Running, Cpu: >= 0 }) _cameIn[thread.Thread] = thread.Since;
        }

        foreach (CpuNow cpu in start.Cpus) _onCpu[cpu.Cpu] = new CpuSlice(cpu.Cpu, cpu.Thread, 0, start.At, start.At);
        foreach (LossNow loss in start.Losses) _lost[loss.Scope] = (start.At, loss.Count, loss.Why);
        var replay = new TimelineReplay(start, this);
        foreach (Generation generation in _generations)
        {
            foreach (ReadOnlyMemory<TimelineEvent> block in generation.Events())
            {
                foreach (TimelineEvent happened in block.Span)
                {
                    Before(happened);
                    replay.Apply(happened);
                    // Its last moment is that of a thread, whose state is known now.
                    if (happened.Kind == EventKind.UnitEnded) _moving.Apply(happened);
                    bool isOfTarget = happened.Kind == EventKind.SwitchIn && happened.Process == start.Process;
                    if (isOfTarget) _cameIn[happened.Thread] = happened.At;
                }
            }
        }

        replay.Finish();
        return Close();
    }

    private RecordedWindow Close()
    {
        Timestamp end = _generations[^1].To;
        foreach (CpuSlice lane in _onCpu.Values) Keep(lane with { To = end });
        if (_suspended is { } since) _suspensions.Add(new TimeRange(since, end));
        foreach ((LossScope scope, var loss) in _lost) _losses.Add(new RecordedLoss(scope, loss.Since, end, loss.Why));
        foreach (OpenIteration unit in _open.Values) _units.Add(unit.Close(null, null));
        _moving.Finish(end);
        return new RecordedWindow(_generations, _focus)
        {
            Suspensions = _suspensions, Losses = _losses, Units = _units, BesideSwitches = _besideSwitches,
            Roles = _roles, States = _states, Lanes = _lanes, NoSleeps = _noSleeps,
        };
    }

    private void Before(in TimelineEvent happened)
    {
        if (happened.Kind != EventKind.UnitEnded) _moving.Apply(happened);
        switch (happened.Kind)
        {
            case EventKind.SwitchIn: Hold(happened); break;
            case EventKind.SwitchOut:
                if (happened.Process == _generations[0].Start.Process) _gaveUp[happened.Thread] = happened.At;
                Leave(happened);
                break;
            case EventKind.Preempted: Leave(happened); break;
            case EventKind.Exited:
                // An exiting thread may have given its id back: then its CPU tells which one it was.
                _moving.Gone(happened.Thread > 0 ? happened.Thread : _onCpu.GetValueOrDefault(happened.Cpu).Thread, happened.At);
                Leave(happened);
                break;
            case EventKind.SuspensionBegan: _suspended ??= happened.Happened; break;
            case EventKind.SuspensionEnded: Resume(happened.Happened); break;
            case EventKind.IterationBegan: Begin(happened); break;
            case EventKind.SegmentBegan: _roles.TryAdd(happened.Thread, ThreadRole.Other); break;
            case EventKind.IterationEnded: End(happened); break;
            case EventKind.ThreadDescribed when _roles.GetValueOrDefault(happened.Thread) != ThreadRole.Driving:
            case EventKind.ThreadBegan when happened.Process == _generations[0].Start.Process:
                _roles[happened.Thread] = happened.Role;
                break;
            case EventKind.LossBegan: Lose(happened); break;
            case EventKind.LossEnded: Recover(happened); break;
        }
    }

    private void Hold(in TimelineEvent change)
    {
        if (new LossScope(change.Cpu).IsThread) return;
        if (_onCpu.Remove(change.Cpu, out CpuSlice before)) Keep(before with { To = change.At });
        _onCpu[change.Cpu] = new CpuSlice(change.Cpu, change.Thread, change.Process, change.At, change.At);
    }

    private void Leave(in TimelineEvent change)
    {
        if (_onCpu.Remove(change.Cpu, out CpuSlice held)) Keep(held with { To = change.At });
    }

    private void Keep(in CpuSlice lane)
    {
        if (lane.Thread != 0 && _focus.Inside(lane.From, lane.To) > Duration.Zero) _lanes.Add(lane);
    }

    private void Resume(Timestamp at)
    {
        if (_suspended is { } since && at > since) _suspensions.Add(new TimeRange(since, at));
        _suspended = null;
    }

    private void Begin(in TimelineEvent began)
    {
        _roles[began.Thread] = ThreadRole.Driving;
        if (_open.Remove(began.Thread, out OpenIteration? lost)) _units.Add(lost.Close(null, null));
        _open[began.Thread] = new OpenIteration(began);
    }

    private void End(in TimelineEvent ended)
    {
        UnitAccount? account = _accounts.TryGetValue(ended.Unit, out UnitAccount found) ? found : null;
        if (!_open.Remove(ended.Thread, out OpenIteration? unit) || unit.Began.Iteration != ended.Iteration)
        {
            // It began before the window: its account tells when.
            if (account is { } told)
                _units.Add(new RecordedUnit(told.Thread, told.Iteration, told.Configuration, told.Began, told.Ended, told));
            return;
        }

        _units.Add(unit.Close(ended.Happened, account));
    }

    private void Lose(in TimelineEvent loss)
    {
        ref var open = ref CollectionsMarshal.GetValueRefOrAddDefault(_lost, loss.Scope, out bool isOpen);
        open = (isOpen ? open.Since : loss.At, open.Count + 1, open.Why | loss.Reasons);
    }

    private void Recover(in TimelineEvent loss)
    {
        if (loss.Scope.IsRuntime) Resume(loss.At);
        if (!_lost.TryGetValue(loss.Scope, out var open)) return;
        if (open.Count > 1) _lost[loss.Scope] = open with { Count = open.Count - 1 };
        else if (_lost.Remove(loss.Scope) && _losses.Count < MostOfAKind)
            _losses.Add(new RecordedLoss(loss.Scope, open.Since, loss.At, open.Why));
    }

    private static void Add(Dictionary<int, Duration> holders, int holder, Duration time)
    {
        ref Duration sum = ref CollectionsMarshal.GetValueRefOrAddDefault(holders, holder, out _);
        sum += time;
    }

    private sealed class OpenIteration(TimelineEvent began)
    {
        public TimelineEvent Began => began;

        public Dictionary<int, Duration> Holders { get; } = [];

        public Dictionary<int, Duration> HoldersOfOthers { get; } = [];

        public RecordedUnit Close(Timestamp? ended, UnitAccount? account) =>
            new(began.Thread, began.Iteration, began.Configuration, began.Happened, ended, account)
            {
                Holders = Holders, HoldersOfOthers = HoldersOfOthers,
            };
    }
}
