namespace Observatory.Study;

/// <summary>Two groups of samples with a gap between them: a hint that something switches between two speeds.</summary>
/// <param name="Low">Mean of the faster group, geometric.</param>
/// <param name="High">Mean of the slower group, geometric.</param>
/// <param name="SlowShare">Share of samples in the slower group.</param>
internal readonly record struct Modes(double Low, double High, double SlowShare)
{
    private const int LeastSamples = 20;
    private const double LeastShare = 0.1;
    /// <summary>Of logarithms: speeds that are closer are of no interest, and rounding makes such.</summary>
    private const double LeastDistance = 1e-3;

    private const int LeastTurns = 20;

    /// <summary>
    /// The two halves of one normal distribution are 2.6 apart on this scale, those of a uniform one 3.5.
    /// </summary>
    private const double Apart = 4.5;

    /// <summary>
    /// The split of the logarithms in two that leaves the least variance within the parts; null when the parts are not
    /// clearly apart by the D of Ashman, Bird and Zepf, Detecting Bimodality in Astronomical Datasets (1994).
    /// </summary>
    /// <param name="sorted">In ascending order, above zero.</param>
    public static Modes? Find(IReadOnlyList<double> sorted)
    {
        int count = sorted.Count;
        if (count < LeastSamples) return null;
        double[] logs = [.. sorted.Select(value => Math.Log(value))];
        int least = (int)Math.Ceiling(LeastShare * count);
        (int split, double within) = BestSplit(logs, least);
        double low = logs.Take(split).Average();
        double high = logs.Skip(split).Average();
        double distance = Math.Sqrt(2) * (high - low) / Math.Sqrt(within);
        return high - low > LeastDistance && distance > Apart
            ? new Modes(Math.Exp(low), Math.Exp(high), (double)(count - split) / count)
            : null;
    }

    /// <summary>
    /// The two take turns at most half as often as independent samples would, and fewer than twenty times.
    /// </summary>
    /// <param name="values">The samples in the order in which they ran.</param>
    public bool Last(IReadOnlyList<double> values) =>
        HasMedianBetween
        && Turns(values) < LeastTurns
        && Turns(values) < SlowShare * (1 - SlowShare) * values.Count;

    /// <summary>Both have enough of the samples for the median to be at the edge of either.</summary>
    public bool HasMedianBetween => SlowShare is > 0.2 and < 0.8;

    private int Turns(IReadOnlyList<double> values)
    {
        double border = Math.Sqrt(Low * High);
        return Enumerable.Range(1, values.Count - 1).Count(i => values[i] > border != values[i - 1] > border);
    }

    /// <summary>How many values the lower part has, and the sum of the variances of both parts.</summary>
    private static (int Split, double Variances) BestSplit(double[] logs, int least)
    {
        double center = logs[logs.Length / 2];
        double total = logs.Sum(value => value - center);
        double totalSquares = logs.Sum(value => (value - center) * (value - center));
        double sum = 0, squares = 0, best = double.PositiveInfinity;
        (int, double) found = (least, double.PositiveInfinity);
        for (int split = 1; split <= logs.Length - least; split++)
        {
            double value = logs[split - 1] - center;
            sum += value;
            squares += value * value;
            if (split < least) continue;
            int rest = logs.Length - split;
            double lower = Math.Max(0, squares - (sum * sum / split));
            double upper = Math.Max(0, totalSquares - squares - ((total - sum) * (total - sum) / rest));
            if (lower + upper >= best) continue;
            best = lower + upper;
            found = (split, (lower / split) + (upper / rest));
        }

        return found;
    }
}

/// <summary>
/// A machine that steps between two speeds: where many configurations show it, the others were measured at one of the two
/// by luck, and a difference between two runs that is no larger than the step is one of luck too.
/// </summary>
internal static class SpeedSteps
{
    private const double LeastShare = 0.25;

    /// <summary>Slower over faster speed, the median of those that show it; null where too few configurations do.</summary>
    public static double? Find(IReadOnlyCollection<SampleSeries> run)
    {
        double[] steps = [.. run.Where(series => series.IsOfLastingModes).Select(series => series.Modes!.Value.High / series.Modes.Value.Low).Order()];
        return steps.Length > 0 && steps.Length >= LeastShare * run.Count ? Quantiles.At(steps, 0.5) : null;
    }

    /// <summary>So large a ratio may be the step; with some room, for both speeds have noise.</summary>
    public static bool Explains(double? step, double ratio) =>
        step is { } factor && Math.Abs(Math.Log(ratio)) <= 1.2 * Math.Log(factor);
}
