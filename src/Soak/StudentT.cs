namespace Observatory.Soak;

/// <summary>Student's t distribution, without its gamma function: both integrals are taken numerically.</summary>
/// <remarks>
/// With t = sqrt(f) tan(a) the density is proportional to cos(a)^(f - 1), which is smooth and vanishes at both ends
/// (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7).
/// </remarks>
internal static class StudentT
{
    private const int Steps = 400;

    /// <summary>The chance of a value above <paramref name="t"/>.</summary>
    /// <param name="t">Estimate over standard error.</param>
    /// <param name="freedom">Degrees of freedom, 1 or more.</param>
    public static double Above(double t, double freedom)
    {
        if (double.IsNaN(t)) return 1;
        double from = Math.Atan(Math.Abs(t) / Math.Sqrt(freedom));
        double tail = Integral(from, freedom) / (2 * Integral(0, freedom));
        return t >= 0 ? tail : 1 - tail;
    }

    /// <summary>The value that is exceeded with this chance.</summary>
    /// <param name="chance">Above 0, at most one half.</param>
    /// <param name="freedom">Degrees of freedom, 1 or more.</param>
    public static double Quantile(double chance, double freedom)
    {
        (double low, double high) = (0, 1);
        while (Above(high, freedom) > chance) high *= 2;
        for (int i = 0; i < 40; i++)
        {
            double middle = (low + high) / 2;
            if (Above(middle, freedom) > chance) low = middle;
            else high = middle;
        }

        return high;
    }

    /// <summary>Of cos(a)^(freedom - 1) from an angle to a right one, by Simpson's rule.</summary>
    private static double Integral(double from, double freedom)
    {
        double step = ((Math.PI / 2) - from) / Steps, sum = 0;
        for (int i = 0; i <= Steps; i++)
        {
            double weight = i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * Math.Pow(Math.Max(0, Math.Cos(from + (i * step))), freedom - 1);
        }

        return sum * step / 3;
    }
}
