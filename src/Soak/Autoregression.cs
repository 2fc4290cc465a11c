namespace Observatory.Soak;

/// <summary>How values depend on the one before: an autoregressive process of order 1.</summary>
internal static class Autoregression
{
    /// <summary>Beyond it, a series hardly ever comes back, and its length says nothing.</summary>
    private const double Most = 0.95;

    private const double Fewest = 4;

    /// <summary>How much of a deviation is left one value later, 0 to 0.95.</summary>
    /// <param name="residuals">What a model leaves, without a level of its own.</param>
    /// <param name="parameters">How many numbers of the model were fitted.</param>
    /// <remarks>
    /// What is estimated from few residuals is too small, by (1 + 3 r)/n for a level, (2 + 4 r)/n for a line, and so on
    /// (Kendall, Note on Bias in the Estimation of Autocorrelation, 1954): solved for r.
    /// </remarks>
    public static double Of(double[] residuals, int parameters)
    {
        double before = 0, all = 0;
        for (int i = 0; i < residuals.Length; i++)
        {
            all += residuals[i] * residuals[i];
            if (i > 0) before += residuals[i] * residuals[i - 1];
        }

        if (all == 0) return 0;
        int count = residuals.Length;
        return Math.Clamp(((count * before / all) + parameters) / Math.Max(1, count - parameters - 2), 0, Most);
    }

    /// <summary>The same values without what each has of the one before; least squares are right for these (Cochrane and Orcutt, 1949; Prais and Winsten, 1954).</summary>
    public static double[] Whiten(double[] values, double dependence)
    {
        double[] white = [.. values];
        for (int i = white.Length - 1; i > 0; i--) white[i] -= dependence * values[i - 1];
        if (white.Length > 0) white[0] *= Math.Sqrt(1 - (dependence * dependence));
        return white;
    }

    /// <summary>The inverse of <see cref="Whiten"/>, in place.</summary>
    public static void Colour(double[] white, double dependence)
    {
        if (white.Length > 0) white[0] /= Math.Sqrt(1 - (dependence * dependence));
        for (int i = 1; i < white.Length; i++) white[i] += dependence * white[i - 1];
    }

    /// <summary>Degrees of freedom that are left: of values that depend on each other, several count for one.</summary>
    /// <remarks>Not below 4: the error itself grows with the dependence, and a leak that comes in fits would never be certain.</remarks>
    public static double Freedom(int count, double dependence, int parameters) =>
        Math.Max(Fewest, (count * (1 - dependence) / (1 + dependence)) - parameters);
}
