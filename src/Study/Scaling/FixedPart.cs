namespace Observatory.Study;

/// <summary>
/// What a quantity has that does not grow: the intercept of the line by least squares of what was measured against what the
/// formula says. A library has buffers of a fixed size, which would bend a power law of small configurations.
/// </summary>
internal static class FixedPart
{
    private const int LeastPoints = 4;

    /// <summary>At least 0; 0 also where there are too few points to tell.</summary>
    /// <param name="points">By formula, and as measured.</param>
    public static double Of(IEnumerable<(double Formula, double Measured)> points)
    {
        (double X, double Y)[] all = [.. points];
        if (all.Length < LeastPoints) return 0;
        double x = all.Average(point => point.X), y = all.Average(point => point.Y);
        double squares = all.Sum(point => (point.X - x) * (point.X - x));
        if (squares == 0) return 0;
        double slope = all.Sum(point => (point.X - x) * (point.Y - y)) / squares;
        return Math.Max(0, y - (slope * x));
    }
}
