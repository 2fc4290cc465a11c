using System.Globalization;

namespace Observatory.Study;

/// <summary>Two runs side by side, or one run with two numbers of threads.</summary>
public sealed class StudyComparison
{
    /// <summary>A difference of at most this share counts as none, unless another margin is asked for.</summary>
    public const double DefaultMargin = 0.05;

    private StudyComparison(
        StudyFindings before, StudyFindings after, IReadOnlyList<(ConfigurationFindings, ConfigurationFindings)> pairs, double margin)
    {
        Before = before;
        After = after;
        Margin = margin;
        Changes = ConfigurationChange.Between(pairs, margin);
    }

    /// <summary>The second is slower in at least one configuration.</summary>
    public bool HasRegression => SlowerCount > 0;

    /// <summary>Configurations in which the second is slower.</summary>
    public int SlowerCount => Changes.Count(change => change.Change == Change.Slower);

    /// <summary>Configurations of which neither a difference nor its absence is known.</summary>
    public int InconclusiveCount => Changes.Count(change => change.Change == Change.Inconclusive);

    /// <summary>Configurations that both have.</summary>
    public int ConfigurationCount => Changes.Count;

    /// <summary>What is compared, where it is not two runs.</summary>
    public string? Title { get; private init; }

    internal StudyFindings Before { get; }

    internal StudyFindings After { get; }

    /// <summary>A difference of at most this share counts as none.</summary>
    internal double Margin { get; }

    internal IReadOnlyList<ConfigurationChange> Changes { get; }

    /// <summary>
    /// All configurations together; null when there are too few of them or too few passes, or when the machine stepped between
    /// two speeds.
    /// </summary>
    internal OverallRatio? Overall =>
        SpeedSteps.Find([.. Changes.Select(change => change.Before.Series)]) is null
        && SpeedSteps.Find([.. Changes.Select(change => change.After.Series)]) is null
            ? OverallRatio.From(Changes.Select(change => (change.Before.Series, change.After.Series)))
            : null;

    /// <summary>What differs around the runs.</summary>
    internal IReadOnlyList<string> Differences { get; private init; } = [];

    internal IReadOnlyList<ConfigurationKey> OnlyBefore { get; private init; } = [];

    internal IReadOnlyList<ConfigurationKey> OnlyAfter { get; private init; } = [];

    /// <summary>Configurations that were visited too rarely to know how visits differ.</summary>
    internal int RarelyVisited =>
        Changes.Count(change => !change.Before.Series.HasVisits || !change.After.Series.HasVisits);

    /// <summary>Whether both were made on the same machine; else differences are of machines too.</summary>
    public static bool IsSameMachine(StudyFindings before, StudyFindings after) =>
        before.Results.Machine.Id == after.Results.Machine.Id;

    /// <param name="before">What to compare with.</param>
    /// <param name="after">What is compared.</param>
    /// <param name="margin">A difference of at most this share counts as none; above zero.</param>
    /// <exception cref="ResultsFormatException">They have no configuration with samples in common.</exception>
    public static StudyComparison Between(StudyFindings before, StudyFindings after, double margin = DefaultMargin)
    {
        (ConfigurationFindings Before, ConfigurationFindings After)[] pairs =
        [
            .. before.Configurations.Join(
                after.Configurations, first => first.Key, second => second.Key, (first, second) => (first, second)),
        ];
        if (pairs.Length == 0)
        {
            throw new ResultsFormatException(
                "they have no configuration in common (operation, sizes, element type and threads)");
        }

        HashSet<ConfigurationKey> common = [.. pairs.Select(pair => pair.Before.Key)];
        return new StudyComparison(before, after, pairs, margin)
        {
            Differences = EnvironmentDifferences.Between(before.Results, after.Results),
            OnlyBefore = [.. before.Configurations.Select(item => item.Key).Where(key => !common.Contains(key))],
            OnlyAfter = [.. after.Configurations.Select(item => item.Key).Where(key => !common.Contains(key))],
        };
    }

    /// <summary>Every larger number of threads of one run against the smallest: A has the fewest threads.</summary>
    /// <exception cref="ResultsFormatException">All its configurations have as many threads.</exception>
    public static IReadOnlyList<StudyComparison> AcrossThreads(StudyFindings findings, double margin = DefaultMargin)
    {
        int[] threads = [.. findings.Configurations.Select(item => item.Key.Threads).Distinct().Order()];
        if (threads.Length < 2)
        {
            throw new ResultsFormatException(
                $"every configuration in it has {threads[0]} threads; sweep with several, for example --threads 1,2");
        }

        Dictionary<ConfigurationKey, ConfigurationFindings> byKey = findings.Configurations.ToDictionary(item => item.Key);
        return
        [
            .. from more in threads.Skip(1)
               let pairs = byKey.Values
                   .Where(item => item.Key.Threads == threads[0])
                   .Select(item => (Before: item, After: byKey.GetValueOrDefault(item.Key with { Threads = more })))
                   .Where(pair => pair.After is not null)
                   .Select(pair => (pair.Before, pair.After!))
                   .ToArray()
               where pairs.Length > 0
               select new StudyComparison(findings, findings, pairs, margin)
               {
                   Title = $"{more} threads (B) with {threads[0]} (A)",
               },
        ];
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
