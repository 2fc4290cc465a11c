namespace Observatory.Soak;

/// <summary>What a criterion came to.</summary>
public enum SoakOutcome
{
    /// <summary>What would be a finding can be ruled out.</summary>
    Holds,

    /// <summary>Neither a finding nor its absence is certain.</summary>
    Inconclusive,

    /// <summary>The run did not stay as it began, or something happened that should not.</summary>
    Fails,
}

/// <summary>One criterion and what it came to.</summary>
/// <param name="Criterion">Its name, as in metrics: <c>target_memory</c>.</param>
/// <param name="Outcome">What it came to.</param>
/// <param name="Sentence">The same for people, with the numbers.</param>
public sealed record SoakFinding(string Criterion, SoakOutcome Outcome, string Sentence)
{
    /// <summary>How fast it grows, in <see cref="Unit"/> an hour; null where that cannot be said.</summary>
    public double? PerHour { get; init; }

    /// <summary>Lower end of the interval (99 %).</summary>
    public double? Low { get; init; }

    /// <summary>Upper end of the interval (99 %).</summary>
    public double? High { get; init; }

    /// <summary>Unit of the growth: MB (10^6 bytes), percent or a count; empty for criteria that only count.</summary>
    public string Unit { get; init; } = "";

    /// <summary>When its level changed, where one change explains the growth.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>The configurations that slow down, the fastest first; null for criteria that are not of configurations.</summary>
    public IReadOnlyList<SlowedConfiguration>? Slowed { get; init; }

    /// <summary>The same with the numbers of a trend.</summary>
    internal SoakFinding With(Trend trend) => this with { PerHour = trend.PerHour, Low = trend.Low, High = trend.High };
}

/// <summary>What a soak test has come to, up to its newest sample.</summary>
/// <param name="Findings">The criteria, those that fail first.</param>
public sealed record SoakVerdict(IReadOnlyList<SoakFinding> Findings)
{
    /// <summary>The worst of all.</summary>
    public SoakOutcome Outcome => Findings.Count == 0 ? SoakOutcome.Inconclusive : Findings.Max(finding => finding.Outcome);

    /// <summary>The answer in a line.</summary>
    public string Sentence => Outcome switch
    {
        SoakOutcome.Fails => $"fails: {string.Join("; ", Of(SoakOutcome.Fails).Select(finding => finding.Sentence))}",
        SoakOutcome.Inconclusive when Findings.Count == 0 => "inconclusive: there is no sample yet",
        SoakOutcome.Inconclusive => $"no finding; inconclusive: {string.Join(", ", Of(SoakOutcome.Inconclusive).Select(finding => finding.Criterion))}",
        _ => "holds: nothing grows, slows, stalls or is missing",
    };

    /// <summary>Judges a run by its samples.</summary>
    /// <param name="plan">What was meant.</param>
    /// <param name="samples">In the order of time; none of the time before <see cref="SoakPlan.Began"/>.</param>
    public static SoakVerdict From(SoakPlan plan, IReadOnlyList<SoakSample> samples)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(samples);
        return new SoakVerdict(
        [
            .. GrowthCriterion.All.Select(criterion => criterion.Judge(plan, samples)).OfType<SoakFinding>()
                .Concat(new[] { LatencyCriterion.Judge(plan, samples) }.OfType<SoakFinding>())
                .Concat(CountCriteria.Judge(plan, samples))
                .OrderByDescending(finding => finding.Outcome),
        ]);
    }

    /// <summary>Judges an invented run, so that all that a verdict takes is loaded and compiled from then on.</summary>
    public static void Prepare()
    {
        var plan = new SoakPlan { Began = DateTimeOffset.UnixEpoch, Seconds = 86_400, IntervalSeconds = 900 };
        _ = From(plan, [.. Enumerable.Range(1, 100).Select(at => new SoakSample
        {
            At = plan.Began.AddMinutes(15 * at),
            CollectorResident = 100_000_000,
            CollectorAlive = ((at < 50 ? 10 : 90) * 1_000_000) + (at * at * 7919 % 1_000_000),
            LatencyMs = new Dictionary<string, double> { ["a"] = 10 + (at * at * 31 % 97 / 1e3), ["b"] = 10 + (at * at * 37 % 89 / 1e3) },
        })]);
    }

    private IEnumerable<SoakFinding> Of(SoakOutcome outcome) => Findings.Where(finding => finding.Outcome == outcome);
}
