namespace Observatory.Study;

/// <summary>
/// The exponent along one size alone: a common slope of the logarithms within groups of configurations that share the
/// other two, each group with a level of its own.
/// </summary>
internal static class AxisFit
{
    /// <summary>Null when no group varies along the axis, or with too few configurations for an error.</summary>
    public static Exponent? Of(IEnumerable<ScalingPoint> points, Axis axis)
    {
        (double X, double Y)[][] groups =
        [
            .. points
                .GroupBy(point => axis.Others(point.Key))
                .Select(group => group
                    .Select(point => (X: Math.Log(axis.Of(point.Key)), Y: Math.Log(point.Value))).ToArray())
                .Where(group => group.Length > 1),
        ];
        (double X, double Y)[] centered = [.. groups.SelectMany(Centered)];
        int freedom = centered.Length - groups.Length - 1;
        if (freedom < 1) return null;
        double squares = centered.Sum(point => point.X * point.X);
        double slope = centered.Sum(point => point.X * point.Y) / squares;
        double residual = centered.Sum(point => Math.Pow(point.Y - (slope * point.X), 2));
        return new Exponent(slope, Math.Sqrt(residual / freedom / squares), freedom);
    }

    private static IEnumerable<(double X, double Y)> Centered((double X, double Y)[] group)
    {
        double x = group.Average(point => point.X);
        double y = group.Average(point => point.Y);
        return group.Select(point => (point.X - x, point.Y - y));
    }
}
