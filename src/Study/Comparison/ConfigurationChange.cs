namespace Observatory.Study;

/// <summary>One configuration in two runs.</summary>
/// <param name="Before">In the first run.</param>
/// <param name="After">In the second run.</param>
/// <param name="Ratio">Of the medians, second over first; null when there are too few samples.</param>
/// <param name="Probability">Of such a ratio where there is no difference, Holm-corrected; null as the ratio is.</param>
internal sealed record ConfigurationChange(
    ConfigurationFindings Before, ConfigurationFindings After, MedianRatio? Ratio, double? Probability)
{
    public Change Change => (Ratio, Probability) switch
    {
        (null, _) or (_, null) => Change.CannotBeTold,
        (_, >= Significance.Level) => Change.NoDifference,
        ({ Ratio: > 1 }, _) => Change.Slower,
        _ => Change.Faster,
    };

    /// <summary>All configurations that both runs have, corrected for how many there are.</summary>
    public static IReadOnlyList<ConfigurationChange> Between(
        IReadOnlyList<ConfigurationFindings> before, IReadOnlyList<ConfigurationFindings> after)
    {
        var pairs = before
            .Join(after, first => first.Key, second => second.Key, (first, second) => (First: first, Second: second))
            .Select(pair => (pair.First, pair.Second, Ratio: MedianRatio.Of(pair.First.Series, pair.Second.Series)))
            .ToArray();
        double[] adjusted = HolmCorrection.Adjust([.. pairs.Select(pair => pair.Ratio?.Probability).OfType<double>()]);
        int next = 0;
        return
        [
            .. pairs.Select(pair => new ConfigurationChange(
                pair.First, pair.Second, pair.Ratio, pair.Ratio is null ? null : adjusted[next++])),
        ];
    }
}
