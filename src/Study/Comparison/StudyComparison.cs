namespace Observatory.Study;

/// <summary>Two runs side by side.</summary>
public sealed class StudyComparison
{
    private StudyComparison(StudyFindings before, StudyFindings after)
    {
        Before = before;
        After = after;
        Changes = ConfigurationChange.Between(before.Configurations, after.Configurations);
        Differences = EnvironmentDifferences.Between(before.Results, after.Results);
        HashSet<ConfigurationKey> common = [.. Changes.Select(change => change.Before.Key)];
        OnlyBefore = [.. before.Configurations.Select(item => item.Key).Where(key => !common.Contains(key))];
        OnlyAfter = [.. after.Configurations.Select(item => item.Key).Where(key => !common.Contains(key))];
    }

    /// <summary>The second run is slower in at least one configuration.</summary>
    public bool HasRegression => Changes.Any(change => change.Change == Change.Slower);

    internal StudyFindings Before { get; }

    internal StudyFindings After { get; }

    internal IReadOnlyList<ConfigurationChange> Changes { get; }

    /// <summary>All configurations together; null when there are too few.</summary>
    internal OverallRatio? Overall => OverallRatio.Of(Changes);

    /// <summary>What differs around the runs.</summary>
    internal IReadOnlyList<string> Differences { get; }

    internal IReadOnlyList<ConfigurationKey> OnlyBefore { get; }

    internal IReadOnlyList<ConfigurationKey> OnlyAfter { get; }

    /// <summary>Some configuration was visited once in one of the runs: how visits differ is then not known.</summary>
    internal bool HasSingleVisits => Changes.Any(change =>
        Math.Min(change.Before.Series.Visits.Count, change.After.Series.Visits.Count) == 1);

    /// <summary>Whether both were made on the same machine; else differences are of machines too.</summary>
    public static bool IsSameMachine(StudyFindings before, StudyFindings after) =>
        before.Results.Machine.Id == after.Results.Machine.Id;

    /// <exception cref="ResultsFormatException">They have no configuration with samples in common.</exception>
    public static StudyComparison Of(StudyFindings before, StudyFindings after)
    {
        var comparison = new StudyComparison(before, after);
        return comparison.Changes.Count > 0
            ? comparison
            : throw new ResultsFormatException(
                "they have no configuration in common (operation, sizes, element type and threads)");
    }
}
