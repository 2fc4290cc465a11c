using Observatory.Hosting;
using Observatory.Kernel;
using Observatory.Contract;

namespace Observatory.Workload;

/// <summary>What a sweep is to do, with everything decided.</summary>
internal sealed record SweepPlan
{
    /// <summary>Name of the preset; null when the sizes were given one by one.</summary>
    public required string? Preset { get; init; }

    /// <summary>What is measured; each one's position is its index.</summary>
    public required IReadOnlyList<StudyPoint> Points { get; init; }

    /// <summary>The same as observers know it.</summary>
    public required IReadOnlyList<WorkloadConfiguration> Study { get; init; }

    /// <summary>What does not fit into memory, and why.</summary>
    public required IReadOnlyList<(StudyPoint Point, string Reason)> LeftOut { get; init; }

    /// <summary>Which comes when.</summary>
    public required VisitOrder Visits { get; init; }

    /// <summary>The kind of order that is.</summary>
    public required SweepOrder Order { get; init; }

    /// <summary>Where operations write to.</summary>
    public required OutputMemory Outputs { get; init; }

    /// <summary>Marked iterations of a visit.</summary>
    public required int Iterations { get; init; }

    /// <summary>Iterations of a visit before those.</summary>
    public required WarmupChoice Warmup { get; init; }

    /// <summary>
    /// A configuration is left out of further passes when its median is known to this share of it; null: never.
    /// </summary>
    public required double? Precision { get; init; }

    /// <summary>Seed of the input.</summary>
    public required int Seed { get; init; }

    /// <summary>Threads libtorch computes with, in the order they were asked for.</summary>
    public required IReadOnlyList<int> ThreadCounts { get; init; }

    /// <summary>The most threads of any configuration.</summary>
    public int MostThreads => ThreadCounts.Max();

    /// <summary>The most passes; null: no limit.</summary>
    public required int? Passes { get; init; }

    /// <summary>To measure first what the machine can do at most.</summary>
    public required bool Limits { get; init; }

    /// <summary>Decides what the options leave open, by what the machine has.</summary>
    /// <exception cref="UsageException">The machine cannot do what was asked.</exception>
    public static SweepPlan Choose(SweepOptions options, CgroupFiles files, out ThreadChoice choice)
    {
        IReadOnlyList<StudyPoint>? resumed = options.Resumed?.Points();
        choice = ThreadChoice.Choose(
            resumed is null ? options.Threads : [.. resumed.Select(point => point.Threads).Distinct()],
            Environment.ProcessorCount,
            CpuQuota.Read(files));
        AvailableMemory available = AvailableMemory.Read(files);
        if (resumed is null)
        {
            var selected = SelectedPoints.Select(
                StudyPoints.List(options, choice.Threads), available, preset: options.Preset is not null);
            return Create(options, selected, choice.Threads);
        }

        MemoryCheck.Require(resumed, available);
        return Create(options, new SelectedPoints(resumed, options.Resumed!.LeftOut()), choice.Threads);
    }

    public static SweepPlan Create(SweepOptions options, SelectedPoints selected, IReadOnlyList<int> threads) => new()
    {
        Preset = options.Preset,
        Points = selected.Points,
        Study = [.. selected.Points.Select((point, index) => point.ToConfiguration(index))],
        LeftOut = selected.LeftOut,
        Visits = new VisitOrder(options.Order, selected.Points.Count, options.Seed),
        Order = options.Order,
        Outputs = options.Outputs,
        Iterations = options.Iterations,
        Warmup = options.Warmup,
        Precision = options.Precision,
        Seed = options.Seed,
        ThreadCounts = threads,
        Passes = options.Passes,
        Limits = options.Limits,
    };
}
