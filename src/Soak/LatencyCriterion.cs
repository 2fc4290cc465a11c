using System.Globalization;

namespace Observatory.Soak;

/// <summary>Latency in percent of what a configuration usually takes.</summary>
internal static class RelativeLatency
{
    /// <summary>
    /// All configurations in one series: a sweep comes to each of them now and then, and a machine that slows down slows all.
    /// </summary>
    public static IEnumerable<(DateTimeOffset At, double Value)> OfAll(IReadOnlyList<SoakSample> samples)
    {
        Dictionary<string, double> usual = ByName(samples).ToDictionary(group => group.Key, group => Trend.Median([.. group.Select(value => value.Value)]));
        foreach (SoakSample sample in samples)
        {
            double[] relative = [.. sample.LatencyMs.Where(pair => pair.Value > 0).Select(pair => 100 * pair.Value / usual[pair.Key])];
            if (relative.Length > 0) yield return (sample.At, Trend.Median(relative));
        }
    }

    /// <summary>Each configuration by itself.</summary>
    public static IEnumerable<(string Name, (DateTimeOffset At, double Value)[] Values)> OfEach(IReadOnlyList<SoakSample> samples) =>
        ByName(samples).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group =>
        {
            double usual = Trend.Median([.. group.Select(value => value.Value)]);
            return (group.Key, group.Select(value => (value.At, 100 * value.Value / usual)).ToArray());
        });

    private static IEnumerable<IGrouping<string, (DateTimeOffset At, double Value)>> ByName(IReadOnlyList<SoakSample> samples) => samples
        .SelectMany(sample => sample.LatencyMs, (sample, pair) => (sample.At, Name: pair.Key, pair.Value))
        .Where(value => value.Value > 0)
        .GroupBy(value => value.Name, value => (value.At, value.Value));
}

/// <summary>One configuration that slows down.</summary>
/// <param name="Name">Its name.</param>
/// <param name="PerHour">Percent an hour.</param>
/// <param name="Low">Lower end of the interval (99 %, of this one by itself).</param>
/// <param name="High">Upper end of it.</param>
/// <param name="ChangedAt">When, where it came at once.</param>
public sealed record SlowedConfiguration(string Name, double PerHour, double Low, double High, DateTimeOffset? ChangedAt);

/// <summary>No configuration may slow down, whatever the others do: what all have in common hides one of many.</summary>
/// <remarks>
/// Many are tried, and one alone fails the run: what has to stay rare is any false one among them, so it is Holm's correction (A Simple
/// Sequentially Rejective Multiple Test Procedure, 1979), which holds however they depend on each other, and they do: they share a
/// machine. A share of false ones (Benjamini and Hochberg) is for lists that are looked through.
/// </remarks>
internal static class LatencyCriterion
{
    public const string Name = "latency_by_configuration";

    private const int MostNamed = 5;

    /// <summary>Null where there are fewer than two: <c>latency</c> says it.</summary>
    public static SoakFinding? Judge(SoakPlan plan, IReadOnlyList<SoakSample> samples)
    {
        (string Name, Point[] Points)[] all =
        [
            .. RelativeLatency.OfEach(samples).Select(each => (each.Name, each.Values.Select(value => new Point((value.At - plan.Began).TotalHours, value.Value)).ToArray())),
        ];
        if (all.Length < 2) return null;
        // Those that are too short are no attempts: it was known before that they could not fail.
        List<(string Name, Point[] Points, Growth Growth)> tried = [];
        foreach ((string name, Point[] points) in all)
        {
            if (Growth.Find(plan, samples, points, GrowthLimits.Latency, floor: false, GrowthCriterion.Certain) is { } growth) tried.Add((name, points, growth));
        }

        if (tried.Count == 0)
        {
            string why = Growth.WhyNone(plan, samples, all.MaxBy(each => each.Points.Length).Points, floor: false);
            return new SoakFinding(Name, SoakOutcome.Inconclusive, Text($"latency of each of {all.Length} configurations: {why}"));
        }

        SlowedConfiguration[] slowed = [.. Slowed(plan, samples, tried).OrderByDescending(each => each.PerHour)];
        return slowed.Length > 0 ? Fails(slowed, tried.Count) : Holds(all, tried);
    }

    /// <summary>Holm: the clearest has to be clear for all of them, the next for all but one, and so on until one is not.</summary>
    private static IEnumerable<SlowedConfiguration> Slowed(
        SoakPlan plan, IReadOnlyList<SoakSample> samples, List<(string Name, Point[] Points, Growth Growth)> tried)
    {
        int left = tried.Count;
        foreach ((string name, Point[] points, Growth growth) in tried.OrderBy(each => each.Growth.Chance))
        {
            if (growth.Chance >= GrowthCriterion.Certain / left) yield break;
            left--;
            if (growth.Outcome != SoakOutcome.Fails) continue;
            yield return new SlowedConfiguration(name, growth.Trend.PerHour, growth.Trend.Low, growth.Trend.High, growth.Rise?.At(plan));
        }
    }

    private static SoakFinding Fails(SlowedConfiguration[] slowed, int tried)
    {
        string names = string.Join(", ", slowed.Take(MostNamed).Select(each => each.ChangedAt is { } at
            ? Text($"{each.Name} at {at:yyyy-MM-dd HH:mm:ss} UTC")
            : Text($"{each.Name} by {each.PerHour:0.##} % an hour ({each.Low:0.##} to {each.High:0.##})")));
        string more = slowed.Length > MostNamed ? Text($" and {slowed.Length - MostNamed} more") : "";
        return new SoakFinding(Name, SoakOutcome.Fails, Text($"latency of {slowed.Length} of {tried} configurations slows: {names}{more}"))
        {
            Unit = "%", PerHour = slowed[0].PerHour, Low = slowed[0].Low, High = slowed[0].High, ChangedAt = slowed[0].ChangedAt, Slowed = slowed,
        };
    }

    private static SoakFinding Holds((string Name, Point[] Points)[] all, List<(string Name, Point[] Points, Growth Growth)> tried)
    {
        int ruledOut = tried.Count(each => each.Growth.Outcome == SoakOutcome.Holds);
        string few = all.Length > tried.Count ? Text($", {all.Length - tried.Count} have too few values") : "";
        return ruledOut == all.Length
            ? new SoakFinding(Name, SoakOutcome.Holds, Text($"latency of each of {all.Length} configurations: none slows"))
            : new SoakFinding(
                Name,
                SoakOutcome.Inconclusive,
                Text($"latency of each of {all.Length} configurations: none is certain to slow, but it is ruled out for {(ruledOut == 0 ? "none of them" : Text($"{ruledOut} only"))}{few}; a longer or quieter run would tell"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
