namespace Observatory.Study;

/// <summary>What larger batches do to tokens per second, within the sizes measured.</summary>
internal enum BatchingShape
{
    /// <summary>Fewer than three batch sizes, or the losses of those that decide are not known well enough.</summary>
    Inconclusive,

    /// <summary>The smallest batch size loses no more than the margin, and no other clearly more: none helps.</summary>
    Flat,

    /// <summary>The smallest batch size loses no more than the margin, and a larger one does: none helps.</summary>
    Falls,

    /// <summary>It helps, up to a batch size below the largest.</summary>
    Saturates,

    /// <summary>Every batch size below the largest loses more than the margin.</summary>
    StillRising,
}

/// <summary>Tokens per second against batch size; everything else is the same.</summary>
/// <param name="Sequence">Sequence length in tokens.</param>
/// <param name="Dim">Embedding dimension.</param>
/// <param name="Points">At least one, the smallest batch first.</param>
internal sealed record BatchingCurve(long Sequence, long Dim, IReadOnlyList<BatchingPoint> Points)
{
    /// <summary>Fewer sizes have no point between first and last.</summary>
    private const int LeastPoints = 3;

    /// <summary>The sweet spot: most tokens per second.</summary>
    public BatchingPoint Best => Points.MaxBy(point => point.TokensPerSecond)!;

    /// <summary>The smallest batch size that is known to lose no more than the margin: more memory buys next to nothing.</summary>
    public BatchingPoint Enough => Points.First(point => point.IsGood);

    /// <summary>The smallest batch size that may do the same: below <see cref="Enough"/> where one is not known.</summary>
    public BatchingPoint PerhapsEnough => Points.First(point => !point.IsWorse);

    /// <summary>The largest loss of all batch sizes.</summary>
    public BatchingPoint Worst => Points.MaxBy(point => point.Loss)!;

    public BatchingShape Shape
    {
        get
        {
            if (Points.Count < LeastPoints || Points.Any(point => point.IsDisturbed)) return BatchingShape.Inconclusive;
            if (Points[0].IsGood)
            {
                if (Points.Any(point => point.MayBeBetter)) return BatchingShape.Inconclusive;
                return Points.Any(point => point.IsWorse) ? BatchingShape.Falls : BatchingShape.Flat;
            }

            if (!Points[0].IsWorse) return BatchingShape.Inconclusive;
            if (Points.SkipLast(1).All(point => point.IsWorse)) return BatchingShape.StillRising;
            // The largest may not be known to lose anything, as long as it is known not to win more than the margin.
            return Points.SkipLast(1).Any(point => point.IsGood) && !Points[^1].MayBeBetter
                ? BatchingShape.Saturates
                : BatchingShape.Inconclusive;
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
        // All intervals of a curve together hold with 95 % (Bonferroni).
        double confidence = 1 - (0.05 / (batches.Length - 1));
        return
        [
            .. batches.Select(item => new BatchingPoint(
                item,
                item.TokensPerSecond!.Value,
                1 - (item.TokensPerSecond.Value / best.TokensPerSecond!.Value),
                item == best ? new Interval(0, 0) : TimePerToken(item, best)?.At(confidence) is { } time
                    ? new Interval(1 - (1 / time.Low), 1 - (1 / time.High))
                    : null)),
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
/// <param name="LossInterval">Of the loss; null where the samples do not suffice for one.</param>
internal sealed record BatchingPoint(
    ConfigurationFindings Findings, double TokensPerSecond, double Loss, Interval? LossInterval)
{
    /// <summary>A loss of at most this share counts as none.</summary>
    public const double Margin = 0.05;

    public long Batch => Findings.Key.Batch;

    /// <summary>The loss is known to be within the margin; the best one itself loses nothing.</summary>
    public bool IsGood => LossInterval?.High <= Margin;

    /// <summary>The loss is known to be more than the margin.</summary>
    public bool IsWorse => LossInterval?.Low > Margin;

    /// <summary>The best may only be called so because this one is not known well enough.</summary>
    public bool MayBeBetter => LossInterval is not { } interval || interval.Low < -Margin;

    /// <summary>So many samples were disturbed that the loss is one of disturbances.</summary>
    public bool IsDisturbed => Findings.DisturbedShare > Disturbance.Threshold;
}
