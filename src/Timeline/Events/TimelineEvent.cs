namespace Observatory.Timeline;

/// <summary>
/// One event of the closed vocabulary. 48 bytes, so that seconds of a busy machine can be held back cheaply; made only
/// by the methods below, which say what each kind carries.
/// </summary>
public readonly record struct TimelineEvent
{
    /// <summary>A thread that was woken, but whose id the observer could not translate into its own pid namespace.</summary>
    public const int UnknownThread = 0;

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

    /// <summary>Kernel thread id; -1 when an exiting thread no longer had one.</summary>
    public int Thread { get; }

    /// <summary>Process of <see cref="Thread"/>, for switches.</summary>
    public int Process { get; }

    /// <summary>CPU of a switch, or the <see cref="LossScope"/> of a loss.</summary>
    public int Cpu { get; }

    /// <summary>Number of the iteration.</summary>
    public long Iteration { get; private init; }

    /// <summary>Index of the iteration's configuration.</summary>
    public long Configuration { get; private init; }

    /// <summary>What is missing, for the two loss kinds.</summary>
    public LossScope Scope => new(Cpu);

    /// <summary>True for a thread that takes or leaves a CPU.</summary>
    public bool IsSwitch => Kind <= EventKind.Exited;

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
    public static TimelineEvent Waking(Timestamp at, int cpu, int thread) =>
        new(at, EventKind.Waking, thread, cpu: cpu);

    public static TimelineEvent SuspensionBegan(Timestamp at) => new(at, EventKind.SuspensionBegan);

    public static TimelineEvent SuspensionEnded(Timestamp at) => new(at, EventKind.SuspensionEnded);

    public static TimelineEvent IterationBegan(Timestamp at, int thread, long iteration, long configuration) =>
        new(at, EventKind.IterationBegan, thread) { Iteration = iteration, Configuration = configuration };

    public static TimelineEvent IterationEnded(Timestamp at, int thread, long iteration, long configuration) =>
        new(at, EventKind.IterationEnded, thread) { Iteration = iteration, Configuration = configuration };

    public static TimelineEvent LossBegan(Timestamp at, LossScope scope) =>
        new(at, EventKind.LossBegan, cpu: scope.Value);

    public static TimelineEvent LossEnded(Timestamp at, LossScope scope) =>
        new(at, EventKind.LossEnded, cpu: scope.Value);
}
