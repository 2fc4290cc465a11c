using Observatory.Timeline;
using ThreadState = Observatory.Timeline.ThreadState;

namespace Observatory.Recorder;

/// <summary>Writes the scheduler's events of a window as Perfetto knows them from ftrace.</summary>
/// <remarks>
/// The kernel's ring tells a switch in two records, of the thread that leaves and of the one that comes, up to a
/// microsecond apart; <c>sched_switch</c> has one time for both. It gets that of the target's thread, where there is one, so that what
/// Perfetto adds up for a thread of the target is what the account has, to the nanosecond. Where both are of the target
/// the CPU is idle in between.
/// </remarks>
internal sealed class SchedulerPackets : IDisposable
{
    // Kernel 4.14 and later, include/trace/events/sched.h.
    private const long Runnable = 0, Sleeping = 1, Dead = 0x10, PreemptedRunnable = 0x100;

    // trace_events.h: TRACE_FLAG_HARDIRQ.
    private const int InInterrupt = 0x08;

    // clone(2): CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD. Perfetto asks for the last of them.
    private const long ThreadCloneFlags = 0x10f00;

    /// <summary>
    /// Shorter sleeps have their reason told only inside the unit that the file is for: an event of that kind is three
    /// times as large as a switch.
    /// </summary>
    private static readonly Duration ShortestExplained = new(100_000);

    private readonly PacketStream _packets;
    private readonly RecordedWindow _window;
    private readonly TimeRange _closely;
    private readonly BlockedReasons _reasons;
    private readonly Func<int, string> _comm;
    private readonly SortedDictionary<int, Lane> _lanes = [];
    private readonly Dictionary<int, TargetThread> _threads = [];

    /// <param name="packets">Where they go.</param>
    /// <param name="window">The events.</param>
    /// <param name="closely">The part in which every sleep has its reason told.</param>
    /// <param name="reasons">Why threads slept.</param>
    /// <param name="comm">Names of threads.</param>
    public SchedulerPackets(
        PacketStream packets, RecordedWindow window, TimeRange closely, BlockedReasons reasons, Func<int, string> comm)
    {
        (_packets, _window, _closely, _reasons) = (packets, window, closely, reasons);
        _comm = thread => thread == 0 ? "swapper" : comm(thread);
    }

    /// <summary>Switches and wake-ups written.</summary>
    public long Written => _lanes.Values.Sum(lane => lane.Bundle.Written);

    /// <summary>Every thread that is named in a switch or a wake-up, with its process where a switch told it.</summary>
    public Dictionary<int, int> Mentioned { get; } = [];

    public void Write()
    {
        Introduce(_window.Generations[0].Start);
        foreach (Generation generation in _window.Generations)
        {
            foreach (ReadOnlyMemory<TimelineEvent> block in generation.Events())
            {
                foreach (TimelineEvent happened in block.Span) Apply(happened);
            }
        }

        foreach (Lane lane in _lanes.Values)
        {
            lane.Settle();
            lane.Bundle.Flush();
        }
    }

    public void Dispose()
    {
        foreach (Lane lane in _lanes.Values) lane.Bundle.Dispose();
    }

    /// <summary>
    /// Gives every thread of the target a state from the first instant. Perfetto knows the state of a thread from its last
    /// switch only, so each one passes over a CPU, for no time at all, and leaves it in the state it is in.
    /// </summary>
    private void Introduce(TimelineCheckpoint start)
    {
        foreach (CpuNow cpu in start.Cpus.OrderBy(cpu => cpu.Cpu)) LaneOf(cpu.Cpu);
        foreach (ThreadNow thread in start.Threads)
        {
            TargetThread track = Follow(thread.Thread);
            track.LastCpu = thread.Cpu;
            Lane lane = thread.Cpu >= 0 ? LaneOf(thread.Cpu) : _lanes.Count > 0 ? _lanes.First().Value : LaneOf(0);
            if (thread is { State: ThreadState.Running, Cpu: >= 0 })
            {
                (lane.First, track.On) = (thread.Thread, lane);
                continue;
            }

            bool isAsleep = thread.State is ThreadState.Blocked && !_window.NoSleeps.Contains((thread.Thread, thread.Since));
            if (isAsleep) track.AsleepSince = thread.Since;
            lane.Bundle.Switch(start.At, lane.StateOfHolder, thread.Thread);
            lane.StateOfHolder = isAsleep || thread.State == ThreadState.Unknown ? Sleeping
                : thread.State == ThreadState.Preempted ? PreemptedRunnable : Runnable;
        }

        foreach (CpuNow cpu in start.Cpus)
        {
            // A thread of the target is where its own state says, or nowhere.
            bool isKnown = cpu.Thread > 0 && !_threads.ContainsKey(cpu.Thread) && !start.Hides(cpu.Cpu);
            if (isKnown && LaneOf(cpu.Cpu) is { First: 0 } lane) lane.First = cpu.Thread;
        }

        foreach (Lane lane in _lanes.Values)
        {
            if (lane.First == 0 && lane.Bundle.Holder == 0) continue;
            lane.Bundle.Switch(start.At, lane.StateOfHolder, lane.First);
            Mention(lane.First, 0);
        }
    }

    private void Apply(in TimelineEvent happened)
    {
        switch (happened.Kind)
        {
            case EventKind.SwitchIn: Come(happened); break;
            case EventKind.SwitchOut: Leave(happened, IsNoSleep(happened) ? Runnable : Sleeping); break;
            case EventKind.Preempted: Leave(happened, PreemptedRunnable); break;
            case EventKind.Exited: Leave(happened, Dead); break;
            case EventKind.Waking: Wake(happened); break;
            case EventKind.ThreadBegan when happened.Process == _window.Process: Make(happened); break;
            case EventKind.LossBegan when happened.Scope is { IsRing: true, IsThread: false }: LaneOf(happened.Cpu).Lose(happened.At); break;
            case EventKind.LossBegan when happened.Scope == LossScope.Scheduler:
                foreach (Lane lane in _lanes.Values) lane.Lose(happened.At);
                break;
        }
    }

    private void Come(in TimelineEvent change)
    {
        Lane lane = LaneOf(change.Cpu);
        int thread = Math.Max(0, change.Thread);
        bool isTarget = change.Process == _window.Process && thread > 0;
        // Its leaving of another CPU was lost, which is told later, if at all: by then it is no longer there to be preempted.
        if (isTarget && Follow(thread).On is { } other && other != lane && other.Bundle.Holder == thread) other.Lose(change.At);
        if (lane.Left is { IsTarget: true } && isTarget) lane.Settle();
        if (lane.Left is { } left) lane.Take(left.IsTarget ? left.At : change.At, left.State, thread);
        else lane.Take(change.At, lane.Bundle.Holder == 0 ? Runnable : PreemptedRunnable, thread);
        Mention(thread, change.Process);
        if (!isTarget) return;
        TargetThread track = Follow(thread);
        if (track.AsleepSince is not null) lane.Bundle.BlockedReason(change.At, thread, BlockedReasons.Unseen);
        (track.AsleepSince, track.LastCpu, track.On) = (null, change.Cpu, lane);
    }

    private void Leave(in TimelineEvent change, long state)
    {
        Lane lane = LaneOf(change.Cpu);
        int thread = Math.Max(0, change.Thread);
        lane.Settle();
        bool isTarget = change.Process == _window.Process && thread > 0;
        // It had come while events were missing.
        if (lane.Bundle.Holder != thread) lane.Take(change.At, lane.Bundle.Holder == 0 ? Runnable : PreemptedRunnable, thread);
        lane.Left = (change.At, thread == 0 ? Runnable : state, isTarget);
        Mention(thread, change.Process);
        if (isTarget) Follow(thread).AsleepSince = state == Sleeping ? change.At : null;
    }

    private void Wake(in TimelineEvent woken)
    {
        if (woken.Thread <= 0) return;
        Lane lane = LaneOf(woken.Cpu);
        _threads.TryGetValue(woken.Thread, out TargetThread? track);
        int targetCpu = track is { LastCpu: >= 0 } ? LaneOf(track.LastCpu).Cpu : lane.Cpu;
        lane.Bundle.Waking(woken.At, woken.Thread, targetCpu, TimelineEvent.IsInterrupt(woken.Waker) ? InInterrupt : 0);
        Mention(woken.Thread, 0);
        if (track?.AsleepSince is not { } since) return;
        track.AsleepSince = null;
        var sleep = new TimeRange(since, woken.At);
        if (sleep.Length >= ShortestExplained || _closely.Inside(sleep.From, sleep.To) > Duration.Zero)
            lane.Bundle.BlockedReason(woken.At, woken.Thread, _reasons.Of(woken.Thread, woken.Waker, sleep));
    }

    private void Make(in TimelineEvent began)
    {
        Follow(began.Thread);
        Mention(began.Thread, began.Process);
        if (_lanes.Count == 0) LaneOf(0);
        _lanes.First().Value.Bundle.NewThread(began.At, 0, began.Thread, ThreadCloneFlags);
    }

    private bool IsNoSleep(in TimelineEvent left) => _window.NoSleeps.Contains((left.Thread, left.At));

    /// <summary>
    /// The lane of a CPU. Where threads have rings of their own, the CPUs are not known: each thread then comes and goes on
    /// a lane of its own.
    /// </summary>
    private Lane LaneOf(int cpu)
    {
        if (_lanes.TryGetValue(cpu, out Lane? lane)) return lane;
        int number = new LossScope(cpu).IsThread ? _lanes.Count : cpu;
        _lanes.Add(cpu, lane = new Lane(number, new CpuBundle(number, _packets, _comm)));
        return lane;
    }

    private TargetThread Follow(int thread)
    {
        if (!_threads.TryGetValue(thread, out TargetThread? track)) _threads.Add(thread, track = new TargetThread());
        Mention(thread, _window.Process);
        return track;
    }

    private void Mention(int thread, int process)
    {
        if (thread > 0 && (process > 0 || !Mentioned.ContainsKey(thread))) Mentioned[thread] = process;
    }

    private sealed class TargetThread
    {
        public Timestamp? AsleepSince { get; set; }

        public int LastCpu { get; set; } = -1;

        /// <summary>Where it came last; it may have left since.</summary>
        public Lane? On { get; set; }
    }

    private sealed class Lane(int cpu, CpuBundle bundle)
    {
        public int Cpu => cpu;

        public CpuBundle Bundle => bundle;

        /// <summary>The holder has left, and the next has not come yet.</summary>
        public (Timestamp At, long State, bool IsTarget)? Left { get; set; }

        /// <summary>The thread that has the CPU at the first instant.</summary>
        public int First { get; set; }

        /// <summary>What becomes of the holder at the next switch, while threads are introduced.</summary>
        public long StateOfHolder { get; set; }

        public void Take(Timestamp at, long previousState, int next)
        {
            Left = null;
            bundle.Switch(at, previousState, next);
        }

        /// <summary>The CPU was idle after its holder had left.</summary>
        public void Settle()
        {
            if (Left is { } left) Take(left.At, left.State, 0);
        }

        /// <summary>The holder of the CPU may have left it: until the next switch its holder is not known.</summary>
        public void Lose(Timestamp at)
        {
            Settle();
            if (bundle.Holder != 0) bundle.Switch(at, PreemptedRunnable, 0);
            bundle.Lose();
        }
    }
}
