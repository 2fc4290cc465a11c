using System.Globalization;

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
    internal OverallRatio? Overall => OverallRatio.From(Changes);

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
    public static StudyComparison Between(StudyFindings before, StudyFindings after)
    {
        var comparison = new StudyComparison(before, after);
        return comparison.Changes.Count > 0
            ? comparison
            : throw new ResultsFormatException(
                "they have no configuration in common (operation, sizes, element type and threads)");
    }
}

/// <summary>What differs around two runs and could explain a difference between them.</summary>
internal static class EnvironmentDifferences
{
    private static readonly IReadOnlyList<(string Name, Func<StudyResults, object?> Value)> Compared =
    [
        ("machine", results => results.Machine.Id),
        ("CPU", results => results.Machine.Cpu),
        ("CPUs", results => results.Machine.Cores),
        ("CPU quota", results => results.Machine.CgroupCpus),
        ("memory limit", results => results.Machine.CgroupMemoryBytes),
        ("kernel", results => results.Machine.Kernel),
        ("governor", results => results.Machine.Governor),
        ("libtorch", results => results.Machine.Torch),
        (".NET", results => results.Machine.Runtime),
        ("seed", results => results.Run.Seed),
        ("order", results => results.Run.Order),
        ("outputs", results => results.Run.Outputs),
        ("warm-up", results => results.Run.Warmup),
        ("iterations of a visit", results => results.Run.Iterations),
    ];

    /// <summary>One for each thing that differs: <c>libtorch 2.9.0 and 2.10.0</c>.</summary>
    public static IReadOnlyList<string> Between(StudyResults before, StudyResults after) =>
    [
        .. from thing in Compared
           let first = Text(thing.Value(before))
           let second = Text(thing.Value(after))
           where first != second
           select $"{thing.Name} {first} and {second}",
    ];

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text
        ? text
        : "none";
}
