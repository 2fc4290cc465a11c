namespace Observatory.Study;

/// <summary>Everything that the results of one run say.</summary>
public sealed class StudyFindings
{
    private StudyFindings(StudyResults results, AccountedRun? accounts)
    {
        Results = results;
        Accounts = accounts;
        Rooflines = results.Configurations
            .GroupBy(one => (one.Threads, one.Dtype))
            .ToDictionary(group => group.Key, group => Roofline.From(
                results.LimitsOf(group.First().Key),
                group.Select(one => one.Flops / SampleSeries.From(one).Median).OfType<double>().Where(double.IsFinite)));
        IReadOnlyList<SampleSeries> series = RunState.Join([.. results.Configurations.Select(SampleSeries.From)]);
        Configurations =
        [
            .. results.Configurations.Zip(series, (configuration, samples) => new ConfigurationFindings(
                configuration, samples, results.Run.Watched, Rooflines[(configuration.Threads, configuration.Dtype)])),
        ];
        ConfigurationFindings.CorrectDrifts(Configurations);
        Disturbance = Disturbed(Configurations);
        bool isOneDtype = Configurations.Select(item => item.Key.Dtype).Distinct().Count() == 1;
        bool isOneThreads = Configurations.Select(item => item.Key.Threads).Distinct().Count() == 1;
        Families =
        [
            .. Configurations
                .GroupBy(findings => findings.Key.Family)
                .Select(family => new FamilyFindings([.. family], isOneDtype, isOneThreads)),
        ];
        Claims = ClaimsOfTheStudy.Judge(this);
    }

    /// <summary>Where a larger share of the samples was disturbed, nothing is concluded about latency.</summary>
    public const double MostDisturbed = Disturbance.Threshold;

    internal StudyResults Results { get; }

    /// <summary>What an observer saw; null without one.</summary>
    internal AccountedRun? Accounts { get; }

    /// <summary>One for each number of threads and element type; null where its limits were not measured.</summary>
    internal IReadOnlyDictionary<(int Threads, string Dtype), Roofline?> Rooflines { get; }

    /// <summary>How much of the run was disturbed.</summary>
    internal Disturbance Disturbance { get; }

    internal IReadOnlyList<ConfigurationFindings> Configurations { get; }

    internal IReadOnlyList<FamilyFindings> Families { get; }

    internal IReadOnlyList<Claim> Claims { get; }

    /// <summary>Computes all statistics; a minute of samples takes milliseconds.</summary>
    /// <exception cref="ResultsFormatException">There is no sample.</exception>
    public static StudyFindings From(StudyResults results) => results.Configurations.Any(c => c.DurationNs.Count > 0)
        ? new StudyFindings(results, accounts: null)
        : throw new ResultsFormatException("it has no samples");

    /// <summary>How much of some configurations was disturbed.</summary>
    internal Disturbance Disturbed(IEnumerable<ConfigurationFindings> configurations) =>
        Disturbance.Count(configurations.Distinct(), Results.Run.Watched);

    /// <summary>The same with what an observer saw of the run.</summary>
    /// <exception cref="ResultsFormatException">The accounts are those of another run.</exception>
    public StudyFindings With(IReadOnlyList<AccountLine> accounts) =>
        new(Results, AccountedRun.From(Results, accounts));
}
