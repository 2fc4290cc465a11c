namespace Observatory.Study;

/// <summary>When a difference counts as one.</summary>
internal static class Significance
{
    /// <summary>
    /// Probability of a false finding in a whole family of tests: 1 %, so that of 100 comparisons of the same thing with
    /// itself at most a few find something.
    /// </summary>
    public const double Level = 0.01;
}
