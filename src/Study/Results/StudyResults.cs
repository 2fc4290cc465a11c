namespace Observatory.Study;

/// <summary>
/// One run of a study: where it ran, how, and every raw sample. Written by <see cref="StudyResultsWriter"/>, read by
/// <see cref="StudyResultsReader"/>; <c>docs/results.md</c> describes each field. In JSON the names are in snake case,
/// and what is null is left out.
/// </summary>
public sealed record StudyResults
{
    /// <summary>What <c>schema</c> says in every file of this kind.</summary>
    public const string SchemaName = "observatory-results";

    /// <summary>The version written; it grows when a field changes its meaning or goes, not when one is added.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Always <see cref="SchemaName"/>.</summary>
    public string Schema { get; init; } = SchemaName;

    /// <summary>Always <see cref="CurrentVersion"/> in memory.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>When the run began, in UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Where it ran.</summary>
    public required MachineFingerprint Machine { get; init; }

    /// <summary>What the machine can do at most; null when that was not measured.</summary>
    public MachineLimits? Limits { get; init; }

    /// <summary>
    /// The same for the other numbers of threads and element types of the run; null where there is one of each.
    /// </summary>
    public IReadOnlyList<MachineLimits>? FurtherLimits { get; init; }

    /// <summary>The limits that hold for a configuration; null when they were not measured.</summary>
    public MachineLimits? LimitsOf(ConfigurationKey key) => ((MachineLimits?[])[Limits, .. FurtherLimits ?? []])
        .FirstOrDefault(limits => (limits?.Threads ?? key.Threads) == key.Threads && (limits?.Dtype ?? key.Dtype) == key.Dtype);

    /// <summary>How it was run.</summary>
    public required RunSettings Run { get; init; }

    /// <summary>What was measured, in the listed order.</summary>
    public required IReadOnlyList<MeasuredConfiguration> Configurations { get; init; }

    /// <summary>What was to be measured and was not.</summary>
    public IReadOnlyList<LeftOutConfiguration> LeftOut { get; init; } = [];
}

/// <summary>How a run was made.</summary>
public sealed record RunSettings
{
    /// <summary>Name of the preset; null when the sizes were given one by one.</summary>
    public string? Preset { get; init; }

    /// <summary>Operations that were asked for.</summary>
    public required IReadOnlyList<string> Operations { get; init; }

    /// <summary>Seed of order and input.</summary>
    public required int Seed { get; init; }

    /// <summary>Order of the configurations within a pass: <c>shuffled</c> or <c>listed</c>.</summary>
    public required string Order { get; init; }

    /// <summary>
    /// Memory that operations wrote to: <c>reused</c>, or <c>fresh</c> in each iteration. Null: not said; older runs were
    /// fresh.
    /// </summary>
    public string? Outputs { get; init; }

    /// <summary>Iterations before the samples of each visit, not recorded; the least when they went on.</summary>
    public required int Warmup { get; init; }

    /// <summary>They went on until they had stopped becoming faster.</summary>
    public bool WarmupStable { get; init; }

    /// <summary>
    /// A configuration was left out of further passes when half the confidence interval of its median was at most this
    /// share of it; null: all were in every pass.
    /// </summary>
    public double? Precision { get; init; }

    /// <summary>Samples of a visit; long ones may have fewer, where a precision was wanted.</summary>
    public required int Iterations { get; init; }

    /// <summary>Complete passes over all configurations.</summary>
    public required long Passes { get; init; }

    /// <summary>Passes after which the run was to end; null: no such number.</summary>
    public int? PlannedPasses { get; init; }

    /// <summary>
    /// CLOCK_MONOTONIC in nanoseconds when the run began, which is where the times of visits count from: by it the accounts
    /// of an observer are found.
    /// </summary>
    public long? MonotonicBeginNs { get; init; }

    /// <summary>Load average of the machine over the minute before the run began; null: not known.</summary>
    public double? LoadBefore { get; init; }

    /// <summary>
    /// Disturbances that were watched for: only of these does a sample without a flag say that there was none.
    /// </summary>
    public Disturbances Watched { get; init; }
}

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

    /// <summary>Threads libtorch computes an operation with: the most, where the run has several numbers of them.</summary>
    public required int Threads { get; init; }
}

/// <summary>What this machine can do at most, measured with the threads of the run. Null: not measured.</summary>
public sealed record MachineLimits
{
    /// <summary>Threads they were measured with; null: not said, those of the run.</summary>
    public int? Threads { get; init; }

    /// <summary>Element type of the matrix product; null: not said, that of the run.</summary>
    public string? Dtype { get; init; }

    /// <summary>Floating point operations per second of the largest matrix product that was tried.</summary>
    public double? GemmFlopsPerSecond { get; init; }

    /// <summary>Floating point operations per second of fused multiply-adds on registers.</summary>
    public double? FmaFlopsPerSecond { get; init; }

    /// <summary>Bytes per second between memory and CPU, of a loop like STREAM's triad.</summary>
    public double? BandwidthBytesPerSecond { get; init; }
}
