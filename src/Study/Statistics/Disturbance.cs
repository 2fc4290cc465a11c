namespace Observatory.Study;

/// <summary>How much of what was measured was disturbed, and by what: it comes before every conclusion.</summary>
/// <param name="Samples">All samples.</param>
/// <param name="Seen">Samples that were watched.</param>
/// <param name="Disturbed">Of those, the ones that something came into.</param>
/// <param name="ByKind">How many each kind came into; one sample may have several.</param>
internal sealed record Disturbance(
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

    public static Disturbance Count(IEnumerable<ConfigurationFindings> configurations, Disturbances watched)
    {
        int samples = 0, seen = 0, disturbed = 0;
        var byKind = Kinds.ToDictionary(kind => kind, _ => 0);
        foreach (ConfigurationFindings item in configurations)
        {
            for (int i = 0; i < item.Series.Count; i++)
            {
                Disturbances flags = item.Configuration.DisturbancesOf(i);
                samples++;
                if (watched == Disturbances.None || (flags & Disturbances.Unknown) != 0) continue;
                seen++;
                if ((flags & watched) != 0) disturbed++;
                foreach (Disturbances kind in Kinds.Where(kind => (flags & watched & kind) != 0)) byKind[kind]++;
            }
        }

        return new Disturbance(samples, seen, disturbed, byKind);
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
