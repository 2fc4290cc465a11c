namespace Observatory.Timeline;

/// <summary>What a loss makes unknown: the runtime's events, all scheduler events, or those of one CPU.</summary>
/// <param name="Value">-2 the runtime, -1 every CPU, else the CPU's number.</param>
public readonly record struct LossScope(int Value)
{
    /// <summary>Suspensions and iterations may be missing.</summary>
    public static readonly LossScope Runtime = new(-2);

    /// <summary>Scheduler events of every CPU may be missing; also: nobody records them.</summary>
    public static readonly LossScope Scheduler = new(-1);

    /// <summary>Scheduler events of one CPU may be missing.</summary>
    public static LossScope Cpu(int cpu) => new(cpu);

    /// <summary>True for <see cref="Runtime"/>.</summary>
    public bool IsRuntime => Value == -2;
}
