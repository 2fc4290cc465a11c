namespace Observatory.Study;

/// <summary>Tokens per second against batch size; everything else is the same.</summary>
/// <param name="Sequence">Sequence length in tokens.</param>
/// <param name="Dim">Embedding dimension.</param>
/// <param name="Points">At least one, the smallest batch first.</param>
internal sealed record BatchingCurve(long Sequence, long Dim, IReadOnlyList<BatchingPoint> Points)
{
    /// <summary>The sweet spot: most tokens per second.</summary>
    public BatchingPoint Best => Points.MaxBy(point => point.TokensPerSecond)!;

    /// <summary>The smallest batch size that is not clearly worse than the best: more memory buys nothing.</summary>
    public BatchingPoint Enough => Points.First(point => !point.IsWorse);

    /// <summary>A larger loss than this that is not clearly one says that there is noise, not that there is none.</summary>
    private const double FlatLoss = 0.2;

    public BatchingShape Shape
    {
        get
        {
            if (Points.Count < 3 || Points.Any(point => point.Probability is null && point != Best))
            {
                return BatchingShape.CannotBeTold;
            }

            if (!Points.Any(point => point.IsWorse))
            {
                return Points.Max(point => point.Loss) <= FlatLoss ? BatchingShape.Flat : BatchingShape.CannotBeTold;
            }

            if (Enough == Points[0]) return BatchingShape.Falls;
            return Enough == Points[^1] ? BatchingShape.StillRising : BatchingShape.Saturates;
        }
    }

    /// <summary>One curve for each sequence length and dimension of a family.</summary>
    public static IReadOnlyList<BatchingCurve> FromFamily(IEnumerable<ConfigurationFindings> family) =>
    [
        .. family
            .Where(findings => findings.Median is not null)
            .GroupBy(findings => (findings.Key.Sequence, findings.Key.Dim))
            .Select(group => new BatchingCurve(
                group.Key.Sequence, group.Key.Dim, PointsOf([.. group.OrderBy(findings => findings.Key.Batch)])))
            .Where(curve => curve.Points.Count > 1),
    ];

    private static IReadOnlyList<BatchingPoint> PointsOf(ConfigurationFindings[] batches)
    {
        ConfigurationFindings best = batches.MaxBy(findings => findings.TokensPerSecond)!;
        MedianRatio?[] ratios = [.. batches.Select(findings => findings == best ? null : TimePerToken(findings, best))];
        double[] adjusted = HolmCorrection.Adjust([.. ratios.Select(ratio => ratio?.Probability).OfType<double>()]);
        int next = 0;
        return
        [
            .. batches.Index().Select(pair => new BatchingPoint(
                pair.Item,
                pair.Item.TokensPerSecond!.Value,
                1 - (pair.Item.TokensPerSecond.Value / best.TokensPerSecond!.Value),
                ratios[pair.Index] is null ? null : adjusted[next++])),
        ];
    }

    private static MedianRatio? TimePerToken(ConfigurationFindings findings, ConfigurationFindings best) =>
        MedianRatio.Between(best.Series, findings.Series) is { } ratio
            ? ratio with { Ratio = ratio.Ratio * best.Key.Tokens / findings.Key.Tokens }
            : null;
}

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

/// <summary>What larger batches do to tokens per second, within the sizes measured.</summary>
internal enum BatchingShape
{
    /// <summary>Fewer than three batch sizes, too few samples, or too much noise.</summary>
    CannotBeTold,

    /// <summary>No batch size is clearly worse than the best, and none by much: none helps.</summary>
    Flat,

    /// <summary>The smallest batch size is as good as the best, and some larger ones are clearly worse.</summary>
    Falls,

    /// <summary>It helps up to a batch size below the largest.</summary>
    Saturates,

    /// <summary>The largest batch size is clearly better than every other.</summary>
    StillRising,
}
