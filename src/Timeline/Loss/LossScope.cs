namespace Observatory.Timeline;

/// <summary>What a loss makes unknown: the runtime's events, all scheduler events, or those of one ring.</summary>
/// <remarks>
/// A ring belongs to a CPU, or to a thread where the whole machine may not be recorded. The value of its scope is also
/// the number by which the timeline keeps the events of a ring in order (see <see cref="TimelineEvent.Cpu"/>).
/// </remarks>
/// <param name="Value">-2 the runtime, -1 every CPU, else a ring: the CPU's number, or 2^30 and the thread's id.</param>
public readonly record struct LossScope(int Value)
{
    // Linux has at most 2^22 thread ids, and far fewer CPUs than this.
    private const int FirstThread = 1 << 30;

    /// <summary>Suspensions and iterations may be missing.</summary>
    public static readonly LossScope Runtime = new(-2);

    /// <summary>Scheduler events of every CPU may be missing; also: they are not recorded.</summary>
    public static readonly LossScope Scheduler = new(-1);

    /// <summary>Scheduler events of one CPU may be missing.</summary>
    public static LossScope Cpu(int cpu) => new(cpu);

    /// <summary>Scheduler events of one thread may be missing, all others are there.</summary>
    public static LossScope Thread(int thread) => new(FirstThread | thread);

    /// <summary>True for <see cref="Runtime"/>.</summary>
    public bool IsRuntime => Value == -2;

    /// <summary>True for a <see cref="Thread(int)"/>.</summary>
    public bool IsThread => Value >= FirstThread;

    /// <summary>True for the ring of a CPU or of a thread.</summary>
    public bool IsRing => Value >= 0;

    /// <summary>The thread, where it is one's.</summary>
    public int ThreadId => Value & (FirstThread - 1);
}
