namespace Observatory.Study;

/// <summary>
/// The machine, as far as it decides results. It names no host and no user. Null: not known.
/// </summary>
public sealed record MachineFingerprint
{
    /// <summary>
    /// Equal for runs on the same machine: a hash from which the machine cannot be named. Runs with different ones are
    /// compared only on request.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>Model name of the CPU.</summary>
    public string? Cpu { get; init; }

    /// <summary>CPUs that the process may use (affinity mask).</summary>
    public required int Cores { get; init; }

    /// <summary>Data cache of level 1 of one core, in bytes.</summary>
    public long? L1dBytes { get; init; }

    /// <summary>Cache of level 2 of one core, in bytes.</summary>
    public long? L2Bytes { get; init; }

    /// <summary>Cache of level 3 that the first CPU sees, in bytes.</summary>
    public long? L3Bytes { get; init; }

    /// <summary>Memory of the machine, in bytes.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Release of the kernel, as <c>uname -r</c> prints it.</summary>
    public string? Kernel { get; init; }

    /// <summary>CPUs that the cgroups pay for; null: no limit.</summary>
    public double? CgroupCpus { get; init; }

    /// <summary>The tightest memory limit of the cgroups, in bytes; null: no limit.</summary>
    public long? CgroupMemoryBytes { get; init; }

    /// <summary>Frequency governor of the first CPU, for example <c>performance</c>.</summary>
    public string? Governor { get; init; }

    /// <summary>Version of libtorch.</summary>
    public required string Torch { get; init; }

    /// <summary>Version of .NET.</summary>
    public string? Runtime { get; init; }

    /// <summary>Threads libtorch computes an operation with.</summary>
    public required int Threads { get; init; }
}
