using Observatory.Study.Claims;
using Observatory.Study.Results;
using Observatory.Study.Statistics;

namespace Observatory.Study;

/// <summary>Everything that the results of one run say.</summary>
public sealed class StudyFindings
{
    private StudyFindings(StudyResults results)
    {
        Results = results;
        Roofline = Statistics.Roofline.Of(results.Limits);
        Configurations =
        [
            .. results.Configurations.Select(
                configuration => new ConfigurationFindings(configuration, results.Run.Watched, Roofline)),
        ];
        Families =
        [
            .. Configurations
                .GroupBy(findings => findings.Key.Family)
                .Select(family => new FamilyFindings([.. family])),
        ];
        Claims = ClaimsOfTheStudy.Judge(this);
    }

    internal StudyResults Results { get; }

    internal Roofline? Roofline { get; }

    internal IReadOnlyList<ConfigurationFindings> Configurations { get; }

    internal IReadOnlyList<FamilyFindings> Families { get; }

    internal IReadOnlyList<Claim> Claims { get; }

    /// <summary>Computes all statistics; a minute of samples takes milliseconds.</summary>
    /// <exception cref="ResultsFormatException">There is no configuration.</exception>
    public static StudyFindings Of(StudyResults results) => results.Configurations.Any(c => c.DurationNs.Count > 0)
        ? new StudyFindings(results)
        : throw new ResultsFormatException("it has no samples");
}
