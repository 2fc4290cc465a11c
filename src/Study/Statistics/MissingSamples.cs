namespace Observatory.Study;

/// <summary>Which number a run has too few samples for, and the option that brings it.</summary>
public static class MissingSamples
{
    /// <summary>A sentence for each number; none where nothing is missing.</summary>
    /// <param name="configurations">Visits and samples of each configuration; those without a sample do not count.</param>
    public static IReadOnlyList<string> Of(IEnumerable<(int Visits, int Samples)> configurations)
    {
        (int Visits, int Samples)[] measured = [.. configurations.Where(one => one.Samples > 0)];
        List<string> missing = [];
        int[] visits = [.. measured.Select(one => one.Visits).Where(count => count < SampleSeries.LeastVisits)];
        if (visits.Length > 0)
        {
            missing.Add($"An interval needs {SampleSeries.LeastVisits} visits, {Has(visits, measured.Length)}: --passes {2 * SampleSeries.LeastVisits}.");
        }

        (int Visits, int Samples)[] few = [.. measured.Where(one => one.Samples < ConfigurationFindings.LeastForP95)];
        if (few.Length > 0)
        {
            int passes = few.Max(one => (int)Math.Ceiling((double)ConfigurationFindings.LeastForP95 * one.Visits / one.Samples));
            missing.Add($"p95 needs {ConfigurationFindings.LeastForP95} samples, {Has([.. few.Select(one => one.Samples)], measured.Length)}: --passes {passes}.");
        }

        return missing;
    }

    private static string Has(int[] counts, int of) =>
        (counts.Length == of ? "this run has " : $"{NumberText.Plural(counts.Length, "configuration")} of {of} {(counts.Length == 1 ? "has" : "have")} ")
        + NumberText.Range(counts, count => NumberText.Whole(count));
}
