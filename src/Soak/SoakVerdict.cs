using System.Globalization;

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
                .Concat(CountCriteria.Judge(plan, samples))
                .OrderByDescending(finding => finding.Outcome),
        ]);
    }

    private IEnumerable<SoakFinding> Of(SoakOutcome outcome) => Findings.Where(finding => finding.Outcome == outcome);
}

/// <summary>Something that must not grow. A growth counts when it is certain and large enough to matter: both.</summary>
/// <param name="Name">As in metrics.</param>
/// <param name="Title">For people.</param>
/// <param name="Unit">Of the values.</param>
/// <param name="Values">The series.</param>
/// <param name="IsFloor">True for the least of a stretch of time, false for its median.</param>
/// <param name="LeastPerHour">The slowest growth that matters.</param>
/// <param name="LeastRise">The smallest rise over the run that matters.</param>
/// <param name="LeastStep">The smallest sudden change that matters.</param>
internal sealed record GrowthCriterion(
    string Name,
    string Title,
    string Unit,
    Func<IReadOnlyList<SoakSample>, IEnumerable<(DateTimeOffset At, double Value)>> Values,
    bool IsFloor,
    double LeastPerHour,
    double LeastRise,
    double LeastStep)
{
    /// <summary>Every program grows when it begins: caches, compiled code, pools.</summary>
    private const double WarmUp = 0.1;

    /// <summary>99 % of a normal distribution.</summary>
    private const double Width = 2.576;

    private const double MuchLess = 0.8;

    private const double Megabyte = 1e6;

    public static readonly IReadOnlyList<GrowthCriterion> All =
    [
        new("latency", "latency", "%", RelativeLatency, IsFloor: false, LeastPerHour: 0.5, LeastRise: 1, LeastStep: 5),
        Memory("target_memory", "resident memory of the target", sample => sample.TargetResident),
        Memory("target_managed_memory", "managed memory of the target", sample => sample.ManagedFloor),
        Memory("target_native_memory", "native memory of the target", sample => sample.TargetResident - sample.ManagedFloor),
        Count("target_handles", "open files of the target", sample => sample.TargetHandles),
        Count("target_threads", "threads of the target", sample => sample.TargetThreads),
        Memory("collector_memory", "resident memory of the collector", sample => sample.CollectorResident),
        Count("collector_handles", "open files of the collector", sample => sample.CollectorHandles),
        Count("collector_threads", "threads of the collector", sample => sample.CollectorThreads),
    ];

    /// <summary>Null where nothing of the kind was seen.</summary>
    public SoakFinding? Judge(SoakPlan plan, IReadOnlyList<SoakSample> samples)
    {
        (DateTimeOffset At, double Value)[] values = [.. Values(samples)];
        if (values.Length == 0) return null;
        double warm = (samples[^1].At - plan.Began).TotalHours * WarmUp;
        Point[] points = [.. values.Select(value => new Point((value.At - plan.Began).TotalHours, value.Value)).Where(point => point.Hours > warm)];
        if (Trend.Find(points, IsFloor, Width) is not { } trend)
        {
            return new SoakFinding(
                Name, SoakOutcome.Inconclusive, Text($"{Title}: {points.Length} values after the warm-up, a trend needs {Trend.Least}"));
        }

        bool grows = trend.Low > 0 && trend.PerHour >= LeastPerHour && trend.PerHour * trend.Hours >= LeastRise;
        SoakFinding finding = Tell(trend, grows);
        // Looked for only where something may have grown: a step is one way to grow.
        return trend.High < LeastPerHour || JudgeStep(plan, points, trend.PerHour) is not { } step ? finding : step with { PerHour = finding.PerHour, Low = finding.Low, High = finding.High };
    }

    private SoakFinding Tell(Trend trend, bool grows)
    {
        bool isRuledOut = trend.High < LeastPerHour || trend.High * trend.Hours < LeastRise;
        string numbers = Text($"{trend.PerHour:0.##} {Unit} an hour (99 %: {trend.Low:0.##} to {trend.High:0.##})");
        (SoakOutcome outcome, string sentence) = grows
            ? (SoakOutcome.Fails, $"{Title} {(Name == "latency" ? "slows" : "grows")}: {numbers}")
            : isRuledOut
                ? (SoakOutcome.Holds, $"{Title}: {numbers}")
                : (SoakOutcome.Inconclusive, $"{Title}: {numbers}; a longer or quieter run would tell");
        return new SoakFinding(Name, outcome, sentence) { PerHour = trend.PerHour, Low = trend.Low, High = trend.High, Unit = Unit };
    }

    /// <summary>The growth as one sudden change, where that leaves clearly less unexplained than a line does.</summary>
    private SoakFinding? JudgeStep(SoakPlan plan, Point[] points, double perHour)
    {
        if (Step.Find(points, IsFloor) is not { } step || step.Change < LeastStep) return null;
        double beside = Unexplained(points, point => point.Hours < step.Hours ? 0 : step.Change);
        if (beside > MuchLess * Unexplained(points, point => perHour * point.Hours)) return null;
        DateTimeOffset at = plan.Began + TimeSpan.FromHours(step.Hours);
        return new SoakFinding(
            Name, SoakOutcome.Fails, Text($"{Title} rose from {step.Before:0.#} to {step.After:0.#} {Unit} at {at:yyyy-MM-dd HH:mm:ss} UTC and stayed there"))
        {
            Unit = Unit,
            ChangedAt = at,
        };
    }

    /// <summary>Mean distance of the values from a model, which is given but for its level.</summary>
    private static double Unexplained(Point[] points, Func<Point, double> model)
    {
        double[] left = [.. points.Select(point => point.Value - model(point))];
        double level = Trend.Median(left);
        return left.Average(value => Math.Abs(value - level));
    }

    private static GrowthCriterion Memory(string name, string title, Func<SoakSample, long?> bytes) => new(
        name, title, "MB", samples => Known(samples, bytes, Megabyte), IsFloor: true, LeastPerHour: 0.5, LeastRise: 1.5, LeastStep: 10);

    private static GrowthCriterion Count(string name, string title, Func<SoakSample, long?> count) => new(
        name, title, "", samples => Known(samples, count, 1), IsFloor: true, LeastPerHour: 6, LeastRise: 5, LeastStep: 10);

    private static IEnumerable<(DateTimeOffset At, double Value)> Known(IReadOnlyList<SoakSample> samples, Func<SoakSample, long?> value, double unit) =>
        samples.Select(sample => (sample.At, Value: value(sample) / unit)).Where(pair => pair.Value is not null).Select(pair => (pair.At, pair.Value!.Value));

    /// <summary>
    /// Latency of all configurations in one series, in percent of what each usually takes: a sweep comes to each of them now
    /// and then, and a machine that slows down slows all.
    /// </summary>
    private static IEnumerable<(DateTimeOffset At, double Value)> RelativeLatency(IReadOnlyList<SoakSample> samples)
    {
        Dictionary<string, double> usual = samples
            .SelectMany(sample => sample.LatencyMs)
            .Where(pair => pair.Value > 0)
            .GroupBy(pair => pair.Key, pair => pair.Value)
            .ToDictionary(group => group.Key, group => Trend.Median([.. group]));
        foreach (SoakSample sample in samples)
        {
            double[] relative = [.. sample.LatencyMs.Where(pair => pair.Value > 0).Select(pair => 100 * pair.Value / usual[pair.Key])];
            if (relative.Length > 0) yield return (sample.At, Trend.Median(relative));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What must not happen, or not often.</summary>
internal static class CountCriteria
{
    /// <summary>A share that is small enough not to matter.</summary>
    private const double Small = 0.01;

    /// <summary>An interval that takes this many times its length was not watched.</summary>
    private const double Away = 2.5;

    public static IEnumerable<SoakFinding> Judge(SoakPlan plan, IReadOnlyList<SoakSample> samples)
    {
        if (samples.Count == 0) yield break;
        double seconds = (samples[^1].At - plan.Began).TotalSeconds;
        yield return Losses(samples);
        long restarts = samples.Sum(sample => sample.Restarts);
        yield return new SoakFinding(
            "restarts", restarts > 0 ? SoakOutcome.Fails : SoakOutcome.Holds, restarts == 1 ? "the target was started again once" : $"the target was started again {restarts} times");
        double gap = samples.Sum(sample => sample.GapSeconds);
        yield return Share("target_gaps", gap, seconds, "without a target", SoakOutcome.Fails);
        yield return Share("observation_gaps", Unwatched(plan, samples), seconds, "without the collector", SoakOutcome.Inconclusive);
        if (Stalls(samples) is { } stalls) yield return stalls;
    }

    private static SoakFinding Losses(IReadOnlyList<SoakSample> samples)
    {
        long units = samples.Sum(sample => sample.Units);
        long incomplete = samples.Sum(sample => sample.Incomplete);
        long lost = samples.Sum(sample => sample.Lost);
        string text = string.Create(
            CultureInfo.InvariantCulture, $"{incomplete} of {units} units have an incomplete account; {lost} events were lost, and counted");
        return new SoakFinding("losses", units > 0 && incomplete > Small * units ? SoakOutcome.Fails : SoakOutcome.Holds, text);
    }

    private static SoakFinding Share(string name, double part, double all, string what, SoakOutcome where) => new(
        name,
        all > 0 && part > Small * all ? where : SoakOutcome.Holds,
        string.Create(CultureInfo.InvariantCulture, $"{part:0} s of {all:0} s {what}"));

    private static double Unwatched(SoakPlan plan, IReadOnlyList<SoakSample> samples)
    {
        double sum = 0;
        DateTimeOffset before = plan.Began;
        foreach (SoakSample sample in samples)
        {
            double passed = (sample.At - before).TotalSeconds;
            if (passed > Away * plan.IntervalSeconds) sum += passed - plan.IntervalSeconds;
            before = sample.At;
        }

        return sum;
    }

    /// <summary>Intervals in which a target that works all the time ended nothing; null where it does not mark units.</summary>
    private static SoakFinding? Stalls(IReadOnlyList<SoakSample> samples)
    {
        SoakSample[] watched = [.. samples.Where(sample => sample is { TargetResident: not null, GapSeconds: 0 })];
        double usual = Trend.Median([.. watched.Select(sample => (double)sample.Units)]);
        if (usual < 1) return null;
        SoakSample[] still = [.. watched.Where(sample => sample.Units == 0)];
        // Of long units an interval without an end is nothing special.
        if (usual < 5 || still.Length == 0) return new SoakFinding("stalls", SoakOutcome.Holds, "no interval without a unit of work");
        return new SoakFinding(
            "stalls",
            SoakOutcome.Fails,
            string.Create(CultureInfo.InvariantCulture, $"no unit of work ended in {still.Length} of {watched.Length} intervals, first at {still[0].At:yyyy-MM-dd HH:mm:ss} UTC"));
    }
}
