namespace Observatory.Study;

/// <summary>Quantiles of samples.</summary>
internal static class Quantiles
{
    /// <summary>
    /// By linear interpolation between order statistics: definition 7 of Hyndman and Fan, Sample Quantiles in
    /// Statistical Packages (The American Statistician 1996), which R and NumPy use too.
    /// </summary>
    /// <param name="sorted">At least one value, in ascending order.</param>
    /// <param name="share">0 to 1.</param>
    public static double At(IReadOnlyList<double> sorted, double share)
    {
        double position = share * (sorted.Count - 1);
        int below = (int)position;
        if (below + 1 >= sorted.Count) return sorted[^1];
        return sorted[below] + ((position - below) * (sorted[below + 1] - sorted[below]));
    }

    /// <summary>Median distance from the median, unscaled: the spread that outliers do not move.</summary>
    /// <param name="sorted">At least one value, in ascending order.</param>
    public static double MedianAbsoluteDeviation(IReadOnlyList<double> sorted)
    {
        double median = At(sorted, 0.5);
        return At([.. sorted.Select(value => Math.Abs(value - median)).Order()], 0.5);
    }
}

/// <summary>Ranks from 1; equal values share the mean of theirs.</summary>
internal static class Ranks
{
    public static double[] Assign(IReadOnlyList<double> values)
    {
        int[] order = [.. Enumerable.Range(0, values.Count).OrderBy(i => values[i])];
        double[] ranks = new double[values.Count];
        for (int first = 0, next; first < order.Length; first = next)
        {
            next = first + 1;
            while (next < order.Length && values[order[next]] == values[order[first]]) next++;
            foreach (int index in order.AsSpan(first, next - first)) ranks[index] = (first + next + 1) / 2.0;
        }

        return ranks;
    }

    /// <summary>Pearson's correlation; 0 where one side does not vary.</summary>
    public static double Correlation(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        double meanX = x.Average(), meanY = y.Average();
        double xy = 0, xx = 0, yy = 0;
        for (int i = 0; i < x.Count; i++)
        {
            double dx = x[i] - meanX, dy = y[i] - meanY;
            xy += dx * dy;
            xx += dx * dx;
            yy += dy * dy;
        }

        return xx > 0 && yy > 0 ? xy / Math.Sqrt(xx * yy) : 0;
    }

    /// <summary>Rank correlation of each value with the next one.</summary>
    public static double OfNeighbours(IReadOnlyList<double> values)
    {
        double[] ranks = Assign(values);
        return ranks.Length < 3 ? 0 : Correlation(ranks[..^1], ranks[1..]);
    }
}
