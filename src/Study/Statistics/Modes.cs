namespace Observatory.Study;

/// <summary>Two groups of samples with a gap between them: a hint that something switches between two speeds.</summary>
/// <param name="Low">Mean of the faster group, geometric.</param>
/// <param name="High">Mean of the slower group, geometric.</param>
/// <param name="SlowShare">Share of samples in the slower group.</param>
internal readonly record struct Modes(double Low, double High, double SlowShare)
{
    private const int LeastSamples = 20;
    private const double LeastShare = 0.1;

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
        return high > low && distance > Apart
            ? new Modes(Math.Exp(low), Math.Exp(high), (double)(count - split) / count)
            : null;
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
