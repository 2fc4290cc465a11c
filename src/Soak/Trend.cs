using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Observatory.Soak;

/// <summary>A value at a time.</summary>
/// <param name="Hours">Since the run began.</param>
/// <param name="Value">In the unit of the series.</param>
internal readonly record struct Point(double Hours, double Value);

/// <summary>How fast a series grows, and how well that is known.</summary>
/// <param name="PerHour">Slope, units an hour.</param>
/// <param name="Error">Its standard error.</param>
/// <param name="Freedom">Degrees of freedom of the error.</param>
/// <param name="Hours">Span of time that it covers.</param>
/// <remarks>
/// Slope: the median of the slopes of all pairs (Theil 1950; Sen, Estimates of the Regression Coefficient Based on Kendall's Tau,
/// 1968), which outliers do not move. Its error: residuals are whitened, what is left of them is drawn anew in blocks (Kuensch, The
/// Jackknife and the Bootstrap for General Stationary Observations, 1989) and coloured again (Buehlmann, Sieve Bootstrap for Time
/// Series, 1997), and all of the fit is done again. Blocks alone would have to be longer than the dependence, of which a strong one
/// leaves too few.
/// </remarks>
internal sealed record Trend(double PerHour, double Error, double Freedom, double Hours)
{
    /// <summary>Fewer values have no trend that could be told from their noise.</summary>
    public const int Least = 20;

    /// <summary>The chance that is left on each side of the interval, which is one of 99 %.</summary>
    public const double Outside = 0.005;

    private const int Cells = 60;
    private const int Draws = 200;

    /// <summary>For what an autoregressive process of order 1 does not tell.</summary>
    private const int Block = 3;

    /// <summary>Lower end of the interval (99 %).</summary>
    public double Low { get; } = PerHour - Reach(Freedom, Error);

    /// <summary>Upper end of the interval (99 %).</summary>
    public double High { get; } = PerHour + Reach(Freedom, Error);

    /// <summary>How often such a slope is seen in a series that does not grow.</summary>
    public double Chance => PerHour <= 0 ? 1 : Error == 0 ? 0 : StudentT.CDF(0, 1, Freedom, -PerHour / Error);

    /// <summary>Null where there are too few values.</summary>
    /// <param name="points">In the order of time.</param>
    /// <param name="floor">Take the least value of a stretch instead of its median: of memory, what a collection leaves.</param>
    public static Trend? Find(IReadOnlyList<Point> points, bool floor)
    {
        Point[] cells = Reduce(points, Cells, floor);
        if (cells.Length < Least) return null;
        double[] hours = [.. cells.Select(cell => cell.Hours)];
        double[][] cycle = DailyCycle.Columns(cells);
        (double slope, double[] residuals) = Fit(hours, cycle, [.. cells.Select(cell => cell.Value)]);
        // Level, slope, and the cycle.
        int parameters = 2 + cycle.Length;
        double dependence = Autoregression.Of(residuals, parameters);
        double[] white = Autoregression.Whiten(residuals, dependence);
        double middle = white.Average();
        // A model that was fitted follows its own noise.
        double shrunk = Math.Sqrt((double)white.Length / (white.Length - parameters));
        for (int i = 0; i < white.Length; i++) white[i] = (white[i] - middle) * shrunk;
        return new Trend(
            slope, ErrorOf(hours, cycle, white, dependence), Autoregression.Freedom(cells.Length, dependence, parameters), hours[^1] - hours[0]);
    }

    /// <summary>One value for each of some stretches of equal length; those without any are left out.</summary>
    /// <param name="points">In the order of time.</param>
    /// <param name="most">At most so many; fewer where each would have one value more than another.</param>
    /// <param name="floor">The least value instead of the median.</param>
    public static Point[] Reduce(IReadOnlyList<Point> points, int most, bool floor)
    {
        if (points.Count <= most) return [.. points];
        int cells = points.Count / ((points.Count + most - 1) / most);
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

    /// <summary>Of a copy; 0 of nothing.</summary>
    public static double Median(double[] values) => values.Length == 0 ? 0 : ArrayStatistics.MedianInplace([.. values]);

    private static double Reach(double freedom, double error) => error * StudentT.InvCDF(0, 1, freedom, 1 - Outside);

    private static (double Slope, double[] Residuals) Fit(double[] hours, double[][] cycle, double[] values)
    {
        double[] calm = Calm(hours, cycle, values);
        double slope = Slope(hours, calm, new double[Pairs(hours)]);
        double[] residuals = [.. calm.Select((value, at) => value - (slope * hours[at]))];
        double middle = Median(residuals);
        for (int i = 0; i < residuals.Length; i++) residuals[i] -= middle;
        return (slope, residuals);
    }

    /// <summary>The values without what comes back every day.</summary>
    private static double[] Calm(double[] hours, double[][] cycle, double[] values)
    {
        if (cycle.Length == 0) return values;
        double[] level = new double[values.Length];
        Array.Fill(level, 1);
        return Regression.Fit([level, hours, .. cycle], values) is { } fit ? DailyCycle.Without(values, cycle, [.. fit.Coefficients.Skip(2)]) : values;
    }

    private static int Pairs(double[] hours) => hours.Length * (hours.Length - 1) / 2;

    /// <param name="hours">When.</param>
    /// <param name="values">What.</param>
    /// <param name="slopes">Room for one of each pair.</param>
    private static double Slope(double[] hours, double[] values, double[] slopes)
    {
        int count = 0;
        for (int i = 0; i < hours.Length; i++)
        {
            for (int j = i + 1; j < hours.Length; j++)
            {
                double between = hours[j] - hours[i];
                if (between > 0) slopes[count++] = (values[j] - values[i]) / between;
            }
        }

        // Selection, not sorting: most of a verdict's time is spent here.
        return ArrayStatistics.MedianInplace(count == slopes.Length ? slopes : slopes[..count]);
    }

    private static double ErrorOf(double[] hours, double[][] cycle, double[] white, double dependence)
    {
        // The same for the same samples: a verdict must not change when it is asked again.
        var random = new Random(white.Length);
        double[] drawn = new double[white.Length];
        double[] slopes = new double[Pairs(hours)];
        double sum = 0;
        for (int draw = 0; draw < Draws; draw++)
        {
            for (int at = 0; at < drawn.Length;)
            {
                int from = random.Next(white.Length);
                for (int i = 0; i < Block && at < drawn.Length; i++, at++) drawn[at] = white[(from + i) % white.Length];
            }

            Autoregression.Colour(drawn, dependence);
            double slope = Slope(hours, Calm(hours, cycle, drawn), slopes);
            sum += slope * slope;
        }

        return Math.Sqrt(sum / Draws);
    }
}

/// <summary>What comes back every day, fitted beside a trend where a run is long enough to tell the two apart.</summary>
internal static class DailyCycle
{
    private const double Day = 24;

    /// <summary>Over less than most of a day, a part of the cycle is a trend.</summary>
    private const double Least = 20;

    /// <summary>A sine and a cosine at the times of the cells; none where they span less than 20 hours.</summary>
    public static double[][] Columns(Point[] cells) => cells[^1].Hours - cells[0].Hours < Least
        ? []
        : [[.. cells.Select(cell => Math.Sin(2 * Math.PI * cell.Hours / Day))], [.. cells.Select(cell => Math.Cos(2 * Math.PI * cell.Hours / Day))]];

    /// <summary>The values without the cycle.</summary>
    public static double[] Without(double[] values, double[][] cycle, double[] amplitudes)
    {
        double[] calm = [.. values];
        for (int column = 0; column < cycle.Length; column++)
        {
            for (int i = 0; i < calm.Length; i++) calm[i] -= amplitudes[column] * cycle[column][i];
        }

        return calm;
    }
}
