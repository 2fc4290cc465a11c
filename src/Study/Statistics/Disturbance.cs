namespace Observatory.Study;

/// <summary>How much of what was measured was disturbed, and by what: it comes before every conclusion.</summary>
/// <param name="Samples">All samples.</param>
/// <param name="Seen">Samples that were watched.</param>
/// <param name="Disturbed">Of those, the ones that something came into.</param>
/// <param name="ByKind">How many each kind came into; one sample may have several.</param>
public sealed record Disturbance(
    int Samples, int Seen, int Disturbed, IReadOnlyDictionary<Disturbances, int> ByKind)
{
    /// <summary>
    /// With more than a quarter of the samples disturbed the quartiles, and with a half the median itself, are those of the
    /// disturbance. Latencies then decide nothing.
    /// </summary>
    public const double Threshold = 0.25;

    /// <summary>Kinds that are watched for, in the order in which they are told.</summary>
    private static readonly Disturbances[] Kinds = [Disturbances.Preempted, Disturbances.Throttled, Disturbances.Gc];

    /// <summary>Null when nothing was watched.</summary>
    public double? Share => Seen == 0 ? null : (double)Disturbed / Seen;

    /// <summary>Too much to conclude anything from latencies.</summary>
    public bool IsTooMuch => Share > Threshold;

    /// <summary>Counts the samples of some configurations.</summary>
    internal static Disturbance Count(IEnumerable<ConfigurationFindings> configurations, Disturbances watched) => Count(
        configurations.SelectMany(item => Enumerable.Range(0, item.Series.Count).Select(item.Configuration.DisturbancesOf)), watched);

    /// <summary>Counts samples.</summary>
    /// <param name="all">What came into each.</param>
    /// <param name="watched">What the run watched for.</param>
    public static Disturbance Count(IEnumerable<Disturbances> all, Disturbances watched)
    {
        int samples = 0, seen = 0, disturbed = 0;
        var byKind = Kinds.ToDictionary(kind => kind, _ => 0);
        foreach (Disturbances flags in all)
        {
            samples++;
            if (watched == Disturbances.None || (flags & Disturbances.Unknown) != 0) continue;
            seen++;
            if ((flags & watched) != 0) disturbed++;
            foreach (Disturbances kind in Kinds)
            {
                if ((flags & watched & kind) != 0) byKind[kind]++;
            }
        }

        return new Disturbance(samples, seen, disturbed, byKind);
    }

    /// <summary>Share of the watched samples that each kind came into, of those that occurred.</summary>
    public IEnumerable<(Disturbances Kind, double Share)> Shares() =>
        ByKind.Where(kind => kind.Value > 0).Select(kind => (kind.Key, (double)kind.Value / Seen));

    /// <summary>How much and by what, in a sentence. Only where something was watched.</summary>
    public string Text()
    {
        string kinds = string.Join(", ", Shares().Select(kind => $"{Name(kind.Kind)} {NumberText.Percent(kind.Share)}"));
        return $"{NumberText.Percent(Share)} of {NumberText.Plural(Seen, "watched sample")} were disturbed" + (kinds.Length > 0 ? $" ({kinds})." : ".");
    }

    /// <summary>For example <c>waiting for a CPU</c>.</summary>
    public static string Name(Disturbances kind) => kind switch
    {
        Disturbances.Gc => "garbage collection",
        Disturbances.Preempted => "waiting for a CPU",
        Disturbances.Throttled => "throttled by a CPU quota",
        _ => "unknown",
    };
}
