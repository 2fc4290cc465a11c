namespace Observatory.Study;

/// <summary>One batch size of a <see cref="BatchingCurve"/>.</summary>
/// <param name="Findings">The configuration.</param>
/// <param name="TokensPerSecond">At the median.</param>
/// <param name="Loss">Share of the best one's tokens per second that is missing.</param>
/// <param name="Probability">
/// Of such a loss where there is none, Holm-corrected over the curve; null for the best itself, or with too few samples.
/// </param>
internal sealed record BatchingPoint(
    ConfigurationFindings Findings, double TokensPerSecond, double Loss, double? Probability)
{
    public long Batch => Findings.Key.Batch;

    /// <summary>The loss is more than chance.</summary>
    public bool IsWorse => Probability < Significance.Level;
}
