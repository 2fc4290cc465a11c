namespace Observatory.Study;

/// <summary>Ranks from 1; equal values share the mean of theirs.</summary>
internal static class Ranks
{
    public static double[] Of(IReadOnlyList<double> values)
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
        double[] ranks = Of(values);
        return ranks.Length < 3 ? 0 : Correlation(ranks[..^1], ranks[1..]);
    }
}
