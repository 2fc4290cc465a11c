namespace Observatory.Timeline;

/// <summary>
/// One event of the closed vocabulary, in 48 bytes; made only by the methods below, which say what each kind carries.
/// </summary>
public readonly record struct TimelineEvent
{
    /// <summary>A thread whose id the observer could not translate into its own pid namespace.</summary>
    public const int UnknownThread = 0;

    /// <summary>Stands for a waker that is not a thread: a timer or a device, whichever thread it interrupted.</summary>
    public const int Interrupt = -2;

    /// <summary>An interrupt that is known to be a timer's.</summary>
    public const int TimerInterrupt = -4;

    /// <summary>An interrupt that is known to be a block device's.</summary>
    public const int DiskInterrupt = -5;

    /// <summary>An interrupt that is known to be the network's.</summary>
    public const int NetworkInterrupt = -6;

    /// <summary>An exiting thread that has given its id back and may still be on a CPU for a moment.</summary>
    public const int ExitingThread = -1;

    /// <summary>Stands for the holder of a CPU while it is not known.</summary>
    public const int UnknownHolder = -3;

    /// <summary>True for a waker that is not a thread.</summary>
    public static bool IsInterrupt(int waker) => waker is Interrupt or TimerInterrupt or DiskInterrupt or NetworkInterrupt;

    private TimelineEvent(Timestamp at, EventKind kind, int thread = 0, int process = 0, int cpu = 0)
    {
        At = at;
        Kind = kind;
        Thread = thread;
        Process = process;
        Cpu = cpu;
    }

    /// <summary>Its place on the timeline: when it happened, unless it came <see cref="Late"/>.</summary>
    public Timestamp At { get; private init; }

    /// <summary>How far its place is behind the truth, because the timeline had already been told up to there.</summary>
    public Duration Late { get; private init; }

    /// <summary>True when it came after the timeline had been told up to its time.</summary>
    public bool IsLate => Late > Duration.Zero;

    /// <summary>When it really happened.</summary>
    public Timestamp Happened => At - Late;

    /// <summary>What happened, and with it which of the other properties mean something.</summary>
    public EventKind Kind { get; }

    /// <summary>Kernel thread id, or <see cref="ExitingThread"/>.</summary>
    public int Thread { get; }

    /// <summary>Process of <see cref="Thread"/>, for switches and threads seen.</summary>
    public int Process { get; }

    /// <summary>
    /// CPU of a switch, or the value of a <see cref="LossScope"/>: of a loss, and of what stands in the ring of a thread,
    /// which is alone there as on a CPU of its own.
    /// </summary>
    public int Cpu { get; }

    /// <summary>Number of the iteration, or of another unit of work.</summary>
    public long Iteration { get; private init; }

    /// <summary>The unit of work; only of what happens to one.</summary>
    public UnitId Unit => new(Kind is >= EventKind.UnitBegan and <= EventKind.UnitReady ? (UnitKind)Process : UnitKind.Iteration, Iteration);

    /// <summary>Index of the unit's configuration.</summary>
    public long Configuration { get; private init; }

    /// <summary>How long a unit was ready before a thread took it; only of the beginning of a segment.</summary>
    public Duration Queued => Kind == EventKind.SegmentBegan ? new Duration(Configuration) : Duration.Zero;

    /// <summary>What a unit waits for from here on; only where that changes.</summary>
    public AwaitedFor Awaited => Kind == EventKind.UnitAwaits ? (AwaitedFor)Configuration : AwaitedFor.Other;

    /// <summary>What is missing, for the two loss kinds.</summary>
    public LossScope Scope => new(Cpu);

    /// <summary>Why it is missing, for the two loss kinds.</summary>
    public IncompleteReasons Reasons => Kind is EventKind.LossBegan or EventKind.LossEnded
        ? (IncompleteReasons)Configuration
        : IncompleteReasons.None;

    /// <summary>Thread that woke <see cref="Thread"/>, <see cref="Interrupt"/> or <see cref="UnknownThread"/>; only of a wake-up.</summary>
    public int Waker => Kind == EventKind.Waking ? Process : UnknownThread;

    /// <summary>Thread that made <see cref="Thread"/>, or <see cref="UnknownThread"/>; only of a beginning.</summary>
    public int Maker => Kind == EventKind.ThreadBegan ? (int)Iteration : UnknownThread;

    /// <summary>Number of page faults; only of page faults.</summary>
    public long Count => Kind == EventKind.PageFaults ? Iteration : 0;

    /// <summary>True for page faults that had to read from a disk.</summary>
    public bool IsMajor => Kind == EventKind.PageFaults && Configuration != 0;

    /// <summary>True for a thread that was seen asleep.</summary>
    public bool IsSleeping => Kind == EventKind.ThreadSeen && Configuration != 0;

    /// <summary>What the thread is there for; only of a description and a beginning.</summary>
    public ThreadRole Role => Kind is EventKind.ThreadDescribed or EventKind.ThreadBegan ? (ThreadRole)Configuration : ThreadRole.Other;

    /// <summary>True for a thread that takes or leaves a CPU.</summary>
    public bool IsSwitch => Kind <= EventKind.Exited;

    /// <summary>True for what stands in the ring of a CPU.</summary>
    public bool IsOfRing => Kind <= EventKind.PageFaults;

    /// <summary>True for what a stream tells in its order; what was read outside the streams cannot be late.</summary>
    internal bool IsOfSource => Kind is not (EventKind.ThreadSeen or EventKind.ThreadDescribed or EventKind.ThreadBegan);

    /// <summary>A switch or a wake-up from its parts.</summary>
    internal static TimelineEvent OfRing(Timestamp at, EventKind kind, int ring, int thread, int process) => new(at, kind, thread, process, ring);

    /// <summary>The same event at a later place, its true time kept.</summary>
    public TimelineEvent PlacedAt(Timestamp place) => this with { At = place, Late = place - Happened };

    public static TimelineEvent SwitchIn(Timestamp at, int cpu, int thread, int process) =>
        new(at, EventKind.SwitchIn, thread, process, cpu);

    public static TimelineEvent SwitchOut(Timestamp at, int cpu, int thread, int process) =>
        new(at, EventKind.SwitchOut, thread, process, cpu);

    public static TimelineEvent Preempted(Timestamp at, int cpu, int thread, int process) =>
        new(at, EventKind.Preempted, thread, process, cpu);

    public static TimelineEvent Exited(Timestamp at, int cpu, int thread, int process) =>
        new(at, EventKind.Exited, thread, process, cpu);

    /// <param name="at">When the waker called.</param>
    /// <param name="cpu">CPU of the waker, in whose ring the event stood.</param>
    /// <param name="thread">The thread that was woken, or <see cref="UnknownThread"/>.</param>
    /// <param name="waker">The thread that ran on that CPU and called, <see cref="Interrupt"/> or <see cref="UnknownThread"/>.</param>
    public static TimelineEvent Waking(Timestamp at, int cpu, int thread, int waker = UnknownThread) =>
        new(at, EventKind.Waking, thread, waker, cpu);

    /// <param name="at">When the newest of them happened.</param>
    /// <param name="ring">Value of the <see cref="LossScope"/> in whose ring the event stood: that of the thread.</param>
    /// <param name="thread">The thread that touched the pages.</param>
    /// <param name="count">Faults of the thread since its last such event.</param>
    /// <param name="major">True for those that had to read from a disk.</param>
    public static TimelineEvent PageFaults(Timestamp at, int ring, int thread, long count, bool major) =>
        new(at, EventKind.PageFaults, thread, cpu: ring) { Iteration = count, Configuration = major ? 1 : 0 };

    /// <summary>A thread that was there when the observer attached; ignored where its state is already known.</summary>
    /// <param name="at">An instant before it was read: what happens after the reading must not come before it.</param>
    /// <param name="thread">Kernel thread id.</param>
    /// <param name="process">Process of the thread.</param>
    /// <param name="sleeping">True when it slept; else what it does is not known until its next switch.</param>
    public static TimelineEvent ThreadSeen(Timestamp at, int thread, int process, bool sleeping) =>
        new(at, EventKind.ThreadSeen, thread, process) { Configuration = sleeping ? 1 : 0 };

    /// <summary>Says what a thread is there for. That it drives iterations the timeline finds out by itself, and that wins.</summary>
    public static TimelineEvent ThreadDescribed(Timestamp at, int thread, ThreadRole role) =>
        new(at, EventKind.ThreadDescribed, thread) { Configuration = (long)role };

    /// <param name="at">When it was made. It has not run yet.</param>
    /// <param name="thread">Kernel thread id; an older thread of this id is gone.</param>
    /// <param name="process">Process of the thread.</param>
    /// <param name="role">What it is there for, until a description says better.</param>
    /// <param name="by">The thread that made it, or <see cref="UnknownThread"/>.</param>
    public static TimelineEvent ThreadBegan(Timestamp at, int thread, int process, ThreadRole role, int by = UnknownThread) =>
        new(at, EventKind.ThreadBegan, thread, process) { Configuration = (long)role, Iteration = by };

    /// <param name="at">When the runtime began to suspend its threads.</param>
    /// <param name="by">The thread that asked for it, or <see cref="UnknownThread"/>.</param>
    public static TimelineEvent SuspensionBegan(Timestamp at, int by = UnknownThread) => new(at, EventKind.SuspensionBegan, by);

    public static TimelineEvent SuspensionReached(Timestamp at) => new(at, EventKind.SuspensionReached);

    public static TimelineEvent SuspensionEnded(Timestamp at) => new(at, EventKind.SuspensionEnded);

    public static TimelineEvent IterationBegan(Timestamp at, int thread, long iteration, long configuration) =>
        new(at, EventKind.IterationBegan, thread) { Iteration = iteration, Configuration = configuration };

    public static TimelineEvent IterationEnded(Timestamp at, int thread, long iteration, long configuration) =>
        new(at, EventKind.IterationEnded, thread) { Iteration = iteration, Configuration = configuration };

    /// <param name="at">First instant.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="configuration">Index of its configuration.</param>
    public static TimelineEvent UnitBegan(Timestamp at, UnitId unit, long configuration) =>
        OfUnit(at, EventKind.UnitBegan, unit) with { Configuration = configuration };

    /// <param name="at">Last instant.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="thread">The thread that told it, or <see cref="UnknownThread"/>.</param>
    public static TimelineEvent UnitEnded(Timestamp at, UnitId unit, int thread = UnknownThread) =>
        OfUnit(at, EventKind.UnitEnded, unit, thread);

    public static TimelineEvent UnitDropped(Timestamp at, UnitId unit) => OfUnit(at, EventKind.UnitDropped, unit);

    /// <param name="at">First instant.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="queued">How long before that it was ready; zero where that is not known.</param>
    public static TimelineEvent SegmentBegan(Timestamp at, int thread, UnitId unit, Duration queued = default) =>
        OfUnit(at, EventKind.SegmentBegan, unit, thread) with { Configuration = queued.Nanoseconds };

    public static TimelineEvent SegmentEnded(Timestamp at, int thread, UnitId unit) => OfUnit(at, EventKind.SegmentEnded, unit, thread);

    /// <param name="at">When an operation of the unit began or ended.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="next">What it waits for from then on, while no thread works on it.</param>
    public static TimelineEvent UnitAwaits(Timestamp at, UnitId unit, AwaitedFor next) =>
        OfUnit(at, EventKind.UnitAwaits, unit) with { Configuration = (long)next };

    /// <param name="at">When it was queued.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="by">The thread that queued it, or <see cref="UnknownThread"/>.</param>
    public static TimelineEvent UnitReady(Timestamp at, UnitId unit, int by = UnknownThread) =>
        OfUnit(at, EventKind.UnitReady, unit, by);

    private static TimelineEvent OfUnit(Timestamp at, EventKind kind, UnitId unit, int thread = UnknownThread) =>
        new(at, kind, thread, process: (int)unit.Kind) { Iteration = unit.Number };

    public static TimelineEvent LossBegan(Timestamp at, LossScope scope, IncompleteReasons why) =>
        new(at, EventKind.LossBegan, cpu: scope.Value) { Configuration = (long)why };

    /// <param name="at">From here on events are complete again.</param>
    /// <param name="scope">What was missing.</param>
    /// <param name="why">Why, where that is told with the end of the loss.</param>
    public static TimelineEvent LossEnded(Timestamp at, LossScope scope, IncompleteReasons why = IncompleteReasons.None) =>
        new(at, EventKind.LossEnded, cpu: scope.Value) { Configuration = (long)why };
}
