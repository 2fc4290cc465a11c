namespace Observatory.Study;

/// <summary>What a service has to keep and what its machine costs.</summary>
/// <param name="Latency">95 of 100 iterations must not take longer; above zero.</param>
/// <param name="PricePerHour">Of this machine, in any currency; null when it is not of interest.</param>
public sealed record CapacityTarget(TimeSpan Latency, double? PricePerHour);

/// <summary>
/// For one dimension and one sequence length, the largest batch measured whose p95 is known to keep the target. A batch counts only
/// when every smaller one keeps it too: past a failure, a success is luck.
/// </summary>
/// <param name="Family">Operation, element type and threads.</param>
/// <param name="Sequence">Sequence length in tokens.</param>
/// <param name="Dim">Embedding dimension.</param>
/// <param name="Largest">The configuration; null when even the smallest batch misses the target, or none can be told.</param>
/// <param name="Next">The next larger one, which misses it or cannot be told; null when there is none.</param>
internal sealed record CapacityLimit(
    FamilyFindings Family, long Sequence, long Dim, ConfigurationFindings? Largest, ConfigurationFindings? Next)
{
    /// <summary>Over all wall time of the iterations, so slow ones count in full.</summary>
    public double? TokensPerSecond => Largest?.Key.Tokens / Largest?.Series.Values.Average();

    /// <param name="pricePerHour">Of the machine; null gives null.</param>
    public double? CostPerMillionTokens(double? pricePerHour) => pricePerHour / 3600 / TokensPerSecond * 1e6;

    /// <summary>Every sequence length and dimension of a run, in order.</summary>
    public static IReadOnlyList<CapacityLimit> FindAll(IEnumerable<FamilyFindings> families, CapacityTarget target) =>
    [
        .. from family in families
           from point in family.Configurations.GroupBy(findings => (findings.Key.Dim, findings.Key.Sequence))
           orderby family.Name, point.Key.Dim, point.Key.Sequence
           select Find(family, point.Key.Sequence, point.Key.Dim, [.. point.OrderBy(findings => findings.Key.Batch)], target),
    ];

    private static CapacityLimit Find(
        FamilyFindings family, long sequence, long dim, ConfigurationFindings[] batches, CapacityTarget target)
    {
        int kept = batches.TakeWhile(findings => findings.P95Bound <= target.Latency.TotalSeconds && !(findings.DisturbedShare > Disturbance.Threshold)).Count();
        return new CapacityLimit(
            family, sequence, dim, kept > 0 ? batches[kept - 1] : null, kept < batches.Length ? batches[kept] : null);
    }
}
