namespace Observatory.Study;

/// <summary>Every sample as comma-separated values, for other tools: a line each, in the order in which they ran.</summary>
internal static class SamplesCsvText
{
    private static readonly string Head = string.Join(
        ',', "operation", "batch", "sequence", "dim", "dtype", "threads", "visit", "iteration", "duration_seconds",
        "garbage_collected", "preempted", "throttled");

    public static string Of(StudyFindings findings) => string.Concat(findings.Configurations
        .SelectMany(item => Rows(item.Configuration, findings.Results.Run.Watched))
        .Prepend(Head)
        .Select(line => line + "\n"));

    private static IEnumerable<string> Rows(MeasuredConfiguration configuration, Disturbances watched)
    {
        int sample = 0;
        foreach ((int visit, Visit samples) in (configuration.Visits ?? [new Visit(0, configuration.DurationNs.Count)]).Index())
        {
            for (int n = 0; n < samples.Samples; n++, sample++)
            {
                yield return Row(configuration, sample, visit + 1, samples.FirstIteration + n, watched);
            }
        }
    }

    private static string Row(MeasuredConfiguration one, int sample, int visit, long? iteration, Disturbances watched) =>
        string.Join(',', new object?[]
        {
            one.Operation, one.Batch, one.Sequence, one.Dim, one.Dtype, one.Threads, visit, iteration,
            one.DurationNs[sample] / 1e9, Flag(one, sample, Disturbances.Gc, watched),
            Flag(one, sample, Disturbances.Preempted, watched), Flag(one, sample, Disturbances.Throttled, watched),
        }.Select(CsvText.Cell));

    /// <summary>1 or 0; null where nobody watched for it.</summary>
    private static int? Flag(MeasuredConfiguration one, int sample, Disturbances kind, Disturbances watched)
    {
        Disturbances flags = one.DisturbancesOf(sample);
        if ((watched & kind) == 0 || (flags & Disturbances.Unknown) != 0) return null;
        return (flags & kind) != 0 ? 1 : 0;
    }
}
