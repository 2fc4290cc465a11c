namespace Observatory.Kernel;

/// <summary>Whom the events of a ring are about: everybody on one CPU, or one thread wherever it runs.</summary>
/// <param name="ThreadId">The thread, or <see cref="PerfEvent.AllThreads"/>.</param>
/// <param name="Cpu">The CPU, or <see cref="PerfEvent.AnyCpu"/>.</param>
internal readonly record struct RingSubject(int ThreadId, int Cpu)
{
    public static RingSubject OfCpu(int cpu) => new(PerfEvent.AllThreads, cpu);

    public static RingSubject OfThread(int threadId) => new(threadId, PerfEvent.AnyCpu);

    /// <summary>What helps where it is not allowed.</summary>
    public string Denied => Cpu == PerfEvent.AnyCpu ? Remedies.ThreadsOfOthers : Remedies.Paranoid;

    public override string ToString() => Cpu == PerfEvent.AnyCpu ? $"thread {ThreadId}" : $"CPU {Cpu}";
}
