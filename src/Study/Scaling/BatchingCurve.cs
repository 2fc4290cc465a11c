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
    public static IReadOnlyList<BatchingCurve> Of(IEnumerable<ConfigurationFindings> family) =>
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
        MedianRatio.Of(best.Series, findings.Series) is { } ratio
            ? ratio with { Ratio = ratio.Ratio * best.Key.Tokens / findings.Key.Tokens }
            : null;
}
