namespace Observatory.Study;

/// <summary>
/// Holm, A Simple Sequentially Rejective Multiple Test Procedure (Scandinavian Journal of Statistics 1979): whatever
/// the dependence between tests, the probability of even one false finding stays below the level.
/// </summary>
internal static class HolmCorrection
{
    /// <summary>Adjusted p values in the order given: each may be compared with the level directly.</summary>
    public static double[] Adjust(IReadOnlyList<double> values)
    {
        double[] adjusted = new double[values.Count];
        double most = 0;
        int left = values.Count;
        foreach ((double value, int index) in values.Select((value, index) => (value, index)).OrderBy(pair => pair.value))
        {
            most = Math.Max(most, Math.Min(1, left-- * value));
            adjusted[index] = most;
        }

        return adjusted;
    }
}
