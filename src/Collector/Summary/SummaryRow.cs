using Observatory.Contract;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>One configuration's iterations so far, or the requests of one name.</summary>
/// <param name="Configuration">What they computed; <see cref="NoConfiguration"/> of requests.</param>
/// <param name="Iterations">How many ended.</param>
/// <param name="Incomplete">How many of them lack something.</param>
/// <param name="Median">Median of wall time.</param>
/// <param name="P95">95th percentile of wall time.</param>
/// <param name="P99">99th percentile of wall time.</param>
/// <param name="Times">Wall time by state, summed over all of them.</param>
/// <param name="IsNewest">True for the configuration whose iteration ended last.</param>
internal sealed record SummaryRow(
    WorkloadConfiguration Configuration,
    long Iterations,
    long Incomplete,
    Duration Median,
    Duration P95,
    Duration P99,
    StateTimes Times,
    bool IsNewest)
{
    /// <summary>Requests have none.</summary>
    public static readonly WorkloadConfiguration NoConfiguration = new(
        Index: -1, "", BatchSize: 0, SequenceLength: 0, EmbeddingDim: 0, "", Threads: 1, FloatingPointOperations: 0, InputBytes: 0);

    /// <summary>Name of the requests; null of a configuration.</summary>
    public string? Request { get; init; }

    /// <summary>What the units are.</summary>
    public UnitKind Kind { get; init; }

    /// <summary>What to call it: the name of the requests, or the configuration in short.</summary>
    public string Unit => Request ?? UnitName.From(Configuration);

    /// <summary>Time of all threads that worked on it, by state; of threads that did so at once all of it.</summary>
    public StateTimes Work { get; init; }

    /// <summary>Times a thread began to work on it.</summary>
    public long Segments { get; init; }

    /// <summary>The states it may have.</summary>
    public IReadOnlyList<AccountState> States => Request is null ? StateTimes.States : StateTimes.UnitStates;

    /// <summary>The kernel source's tier when the row was read.</summary>
    public string KernelTier { get; init; } = Tiers.Kernel;

    /// <summary>Whether accounts were completed with the driving thread's own counters.</summary>
    public bool HasCounters { get; init; }

    /// <summary>The runtime source's tier when the row was read.</summary>
    public string RuntimeTier { get; init; } = Tiers.EventPipe;

    /// <summary>What a minor page fault costs; null where that is not known.</summary>
    public FaultCost? FaultCost { get; init; }

    /// <summary>True when time in a state is seen as such; otherwise its time is in another state, or unknown.</summary>
    public bool Measures(AccountState state) => Measured.HasState(KernelTier, HasCounters, RuntimeTier, state);

    /// <summary>How many are incomplete by the most telling reason.</summary>
    public IReadOnlyDictionary<IncompleteReasons, long> IncompleteBecause { get; init; } = new Dictionary<IncompleteReasons, long>();

    /// <summary>Counts and times besides the split.</summary>
    public DetailTotals Details { get; init; } = new();

    /// <summary>
    /// Thread time running over wall time and the threads the library computes with; null where the threads are not seen.
    /// </summary>
    public double? ParallelEfficiency =>
        Measured.HasPool(KernelTier) ? Details.Efficiency(Configuration.Threads) : null;

    /// <summary>Wall time of all iterations together.</summary>
    public Duration Wall => Times.Total;

    /// <summary>Billions of floating-point operations a second, over the wall time of all iterations.</summary>
    public double GigaFlops => Wall > Duration.Zero ? Configuration.FloatingPointOperations * (double)Iterations / Wall.Nanoseconds : 0;

    /// <summary>Size of the input tensor in MB (10^6 bytes).</summary>
    public double InputMegabytes => Configuration.InputBytes / 1e6;

    /// <summary>Part of the wall time that was spent in a state, 0 to 1.</summary>
    public double Share(AccountState state) => Wall > Duration.Zero ? (double)Times[state].Nanoseconds / Wall.Nanoseconds : 0;
}
