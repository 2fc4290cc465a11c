using System.Globalization;

namespace Observatory.Soak;

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
