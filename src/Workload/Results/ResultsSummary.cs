namespace Observatory.Workload;

/// <summary>The results of a sweep as they are printed; property names are those of the JSON in snake case.</summary>
/// <param name="Iterations">Marked iterations of all configurations.</param>
/// <param name="WarmupIterations">Iterations beside those, neither marked nor recorded.</param>
/// <param name="Passes">Complete passes.</param>
/// <param name="Threads">Threads libtorch computed with.</param>
/// <param name="Seed">Seed of order and input.</param>
/// <param name="Torch">Version of libtorch.</param>
/// <param name="Configurations">One for each of the study, in the listed order.</param>
internal sealed record ResultsSummary(
    long Iterations,
    long WarmupIterations,
    long Passes,
    int Threads,
    int Seed,
    string Torch,
    IReadOnlyList<ConfigurationSummary> Configurations)
{
    public static ResultsSummary Of(SweepResults results, SweepPlan plan) => new(
        results.Iterations,
        results.WarmupIterations,
        results.Passes,
        plan.Threads,
        plan.Seed,
        results.Torch,
        [.. plan.Study.Select(configuration => ConfigurationSummary.Of(configuration, results.Of(configuration).Latencies))]);
}
