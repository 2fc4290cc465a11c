namespace Observatory.Soak;

/// <summary>A value at a time.</summary>
/// <param name="Hours">Since the run began.</param>
/// <param name="Value">In the unit of the series.</param>
internal readonly record struct Point(double Hours, double Value);

/// <summary>How fast a series grows, and how well that is known.</summary>
/// <param name="PerHour">Slope, units an hour.</param>
/// <param name="Low">Lower end of its interval.</param>
/// <param name="High">Upper end of its interval.</param>
/// <param name="Level">Median of the series.</param>
/// <param name="Hours">Span of time that it covers.</param>
/// <remarks>
/// Slope: the median of the slopes of all pairs (Theil 1950; Sen, Estimates of the Regression Coefficient Based on Kendall's Tau,
/// 1968), which outliers do not move. Its error: residuals drawn anew in blocks (Kuensch, The Jackknife and the Bootstrap for
/// General Stationary Observations, 1989), so that values that depend on the ones before count for less.
/// </remarks>
internal sealed record Trend(double PerHour, double Low, double High, double Level, double Hours)
{
    /// <summary>Fewer values have no trend that could be told from their noise.</summary>
    public const int Least = 20;

    private const int Cells = 60;
    private const int Draws = 200;
    private const int ShortestBlock = 3;

    /// <summary>Null where there are too few values.</summary>
    /// <param name="points">In the order of time.</param>
    /// <param name="floor">Take the least value of a stretch instead of its median: of memory, what a collection leaves.</param>
    /// <param name="width">Half the width of the interval, in standard errors.</param>
    public static Trend? Find(IReadOnlyList<Point> points, bool floor, double width)
    {
        Point[] cells = Reduce(points, Cells, floor);
        if (cells.Length < Least) return null;
        double slope = Slope(cells);
        double[] residuals = [.. cells.Select(cell => cell.Value - (slope * cell.Hours))];
        double middle = Median(residuals);
        for (int i = 0; i < residuals.Length; i++) residuals[i] -= middle;
        double error = Error(cells, residuals);
        return new Trend(
            slope, slope - (width * error), slope + (width * error), Median([.. cells.Select(cell => cell.Value)]), cells[^1].Hours - cells[0].Hours);
    }

    /// <summary>One value for each of some stretches of equal length; those without any are left out.</summary>
    public static Point[] Reduce(IReadOnlyList<Point> points, int cells, bool floor)
    {
        if (points.Count <= cells) return [.. points];
        double first = points[0].Hours;
        double length = (points[^1].Hours - first) / cells;
        return
        [
            .. points
                .GroupBy(point => Math.Min(cells - 1, (int)((point.Hours - first) / length)))
                .Select(cell => new Point(
                    cell.Average(point => point.Hours),
                    floor ? cell.Min(point => point.Value) : Median([.. cell.Select(point => point.Value)]))),
        ];
    }

    public static double Median(double[] values)
    {
        if (values.Length == 0) return 0;
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double Slope(Point[] points)
    {
        double[] slopes = new double[points.Length * (points.Length - 1) / 2];
        int count = 0;
        for (int i = 0; i < points.Length; i++)
        {
            for (int j = i + 1; j < points.Length; j++)
            {
                double hours = points[j].Hours - points[i].Hours;
                if (hours > 0) slopes[count++] = (points[j].Value - points[i].Value) / hours;
            }
        }

        Array.Sort(slopes, 0, count);
        return count == 0 ? 0 : count % 2 == 1 ? slopes[count / 2] : (slopes[(count / 2) - 1] + slopes[count / 2]) / 2;
    }

    /// <summary>Standard error of the slope.</summary>
    private static double Error(Point[] cells, double[] residuals)
    {
        int block = BlockLength(residuals);
        // The same for the same samples: a verdict must not change when it is asked again.
        var random = new Random(residuals.Length);
        var drawn = (Point[])cells.Clone();
        double sum = 0;
        for (int draw = 0; draw < Draws; draw++)
        {
            for (int at = 0; at < drawn.Length;)
            {
                int from = random.Next(residuals.Length);
                for (int i = 0; i < block && at < drawn.Length; i++, at++)
                    drawn[at] = cells[at] with { Value = residuals[(from + i) % residuals.Length] };
            }

            double slope = Slope(drawn);
            sum += slope * slope;
        }

        // A line that was fitted follows its own noise, more so where few blocks are independent.
        double shrunk = 1 - (3.0 * block / residuals.Length);
        return Math.Sqrt(sum / Draws / Math.Max(0.2, shrunk));
    }

    private static int BlockLength(double[] residuals)
    {
        double before = 0, all = 0;
        for (int i = 0; i < residuals.Length; i++)
        {
            all += residuals[i] * residuals[i];
            if (i > 0) before += residuals[i] * residuals[i - 1];
        }

        double raw = all > 0 ? before / all : 0;
        // What is estimated from few values is too small (Kendall, Note on Bias in the Estimation of Autocorrelation, 1954).
        double dependence = Math.Clamp(raw + ((1 + (4 * raw)) / residuals.Length), 0, 0.95);
        return Math.Clamp((int)Math.Ceiling(2 * (1 + dependence) / (1 - dependence)), ShortestBlock, residuals.Length / 5);
    }
}

/// <summary>A level that changed once, and stayed.</summary>
/// <param name="Hours">When, since the run began.</param>
/// <param name="Before">Median until then.</param>
/// <param name="After">Median from then on.</param>
internal sealed record Step(double Hours, double Before, double After)
{
    private const int Cells = 240;
    private const int Draws = 200;

    /// <summary>Where fewer values lie on one side, it may be the beginning of anything.</summary>
    private const double LeastSide = 0.1;

    public double Change => After - Before;

    /// <summary>The largest step of the series if it stands out of the noise; null otherwise.</summary>
    /// <remarks>The largest cumulative sum against those of the same values in another order, in blocks (Taylor, Change-Point Analysis, 2000).</remarks>
    public static Step? Find(IReadOnlyList<Point> points, bool floor)
    {
        Point[] cells = Trend.Reduce(points, Cells, floor);
        if (cells.Length < Trend.Least) return null;
        double[] values = [.. cells.Select(cell => cell.Value)];
        (int at, double largest) = Largest(values);
        int side = (int)Math.Ceiling(LeastSide * values.Length);
        if (at < side || values.Length - at < side || largest == 0) return null;
        var step = new Step(cells[at].Hours, Trend.Median(values[..at]), Trend.Median(values[at..]));
        return IsRare(values, largest) ? step : null;
    }

    /// <summary>In how many orders of the blocks the sum gets as large: fewer than one of a hundred.</summary>
    private static bool IsRare(double[] values, double largest)
    {
        int block = Math.Max(2, values.Length / 20);
        double[][] blocks = [.. values.Chunk(block)];
        var random = new Random(values.Length);
        int asLarge = 0;
        for (int draw = 0; draw < Draws; draw++)
        {
            random.Shuffle(blocks);
            if (Largest([.. blocks.SelectMany(one => one)]).Sum >= largest) asLarge++;
        }

        return asLarge < Draws / 100;
    }

    private static (int At, double Sum) Largest(double[] values)
    {
        double mean = values.Average(), sum = 0, largest = 0;
        int at = 0;
        for (int i = 0; i < values.Length; i++)
        {
            sum += values[i] - mean;
            if (Math.Abs(sum) <= largest) continue;
            (largest, at) = (Math.Abs(sum), i + 1);
        }

        return (at, largest);
    }
}
