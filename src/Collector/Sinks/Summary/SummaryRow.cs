using Observatory.Contract;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>One configuration's iterations so far.</summary>
/// <param name="Configuration">What they computed.</param>
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
    /// <summary>The kernel source's tier when the row was read.</summary>
    public string KernelTier { get; init; } = Tiers.Kernel;

    /// <summary>Whether accounts were completed with the driving thread's own counters.</summary>
    public bool HasCounters { get; init; }

    /// <summary>The runtime source's tier when the row was read.</summary>
    public string RuntimeTier { get; init; } = Tiers.EventPipe;

    /// <summary>What a minor page fault costs; null where that is not known.</summary>
    public FaultCost? FaultCost { get; init; }

    /// <summary>True when time in a state is seen as such; otherwise its time is in another state, or unknown.</summary>
    public bool Measures(AccountState state) => MeasuredStates.Has(KernelTier, HasCounters, RuntimeTier, state);

    /// <summary>How many are incomplete by the most telling reason.</summary>
    public IReadOnlyDictionary<IncompleteReasons, long> IncompleteBecause { get; init; } = new Dictionary<IncompleteReasons, long>();

    /// <summary>What stands beside the accounts.</summary>
    public DetailTotals Details { get; init; } = new();

    /// <summary>
    /// Thread time running over wall time and the threads the library computes with; null where nobody sees the threads.
    /// </summary>
    public double? ParallelEfficiency =>
        MeasuredDetails.HasPool(KernelTier) ? Details.Efficiency(Configuration.Threads) : null;

    /// <summary>Wall time of all iterations together.</summary>
    public Duration Wall => Times.Total;

    /// <summary>Billions of floating-point operations a second, over the wall time of all iterations.</summary>
    public double GigaFlops => Configuration.FloatingPointOperations * (double)Iterations / Wall.Nanoseconds;

    /// <summary>Size of the input tensor in MB (10^6 bytes).</summary>
    public double InputMegabytes => Configuration.InputBytes / 1e6;

    /// <summary>Part of the wall time that was spent in a state, 0 to 1.</summary>
    public double Share(AccountState state) => (double)Times[state].Nanoseconds / Wall.Nanoseconds;
}
