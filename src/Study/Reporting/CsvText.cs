using System.Globalization;

namespace Observatory.Study;

/// <summary>Findings by configuration as comma-separated values, RFC 4180 with line feeds: seconds, bytes, per second.</summary>
internal static class CsvText
{
    private static readonly IReadOnlyList<(string Name, Func<ConfigurationFindings, object?> Value)> Columns =
    [
        ("operation", row => row.Key.Operation),
        ("batch", row => row.Key.Batch),
        ("sequence", row => row.Key.Sequence),
        ("dim", row => row.Key.Dim),
        ("dtype", row => row.Key.Dtype),
        ("threads", row => row.Key.Threads),
        ("samples", row => row.Series.Count),
        ("effective_samples", row => row.Series.EffectiveCount),
        ("visits", row => row.Series.Visits.Count),
        ("median_seconds", row => row.Median),
        ("median_low_seconds", row => row.Interval?.Low),
        ("median_high_seconds", row => row.Interval?.High),
        ("mad_seconds", row => row.Spread),
        ("p95_seconds", row => row.P95),
        ("p95_bound_seconds", row => row.P95Bound),
        ("p99_seconds", row => row.P99),
        ("flops", row => row.Configuration.Flops),
        ("flops_per_second", row => row.Flops),
        ("tokens_per_second", row => row.TokensPerSecond),
        ("arithmetic_intensity", row => row.Configuration.ArithmeticIntensity),
        ("roofline_share", row => row.RooflineShare),
        ("peak_memory_bytes", row => row.Configuration.PeakMemoryBytes),
        ("baseline_memory_bytes", row => row.Configuration.BaselineMemoryBytes),
        ("predicted_memory_bytes", row => row.Configuration.PredictedMemoryBytes),
        ("working_set_bytes", row => row.Configuration.WorkingSetBytes),
        ("most_allocated_bytes", row => row.Configuration.MostAllocatedBytes),
        ("median_precision", row => row.Precision),
        ("autocorrelation", row => row.Autocorrelation),
        ("drift_ratio", row => row.Drift?.Ratio),
        ("drift_probability", row => row.Drift?.Probability),
        ("disturbed_share", row => row.DisturbedShare),
    ];

    public static string Write(StudyFindings findings) => string.Concat(
        findings.Configurations
            .Select(row => Columns.Select(column => Cell(column.Value(row))))
            .Prepend(Columns.Select(column => column.Name))
            .Select(cells => string.Join(',', cells) + "\n"));

    /// <summary>
    /// A value as a cell; null is empty. Spreadsheets take text that begins with one of these for a formula, so text from a
    /// results file gets an apostrophe in front, which they take for text.
    /// </summary>
    public static string Cell(object? value)
    {
        string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        if (value is string && text.Length > 0 && "=@+-\t\r".Contains(text[0])) text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
    }
}

/// <summary>Every sample as comma-separated values, for other tools: a line each, in the order in which they ran.</summary>
internal static class SamplesCsvText
{
    private static readonly string Head = string.Join(
        ',', "operation", "batch", "sequence", "dim", "dtype", "threads", "visit", "iteration", "duration_seconds",
        "garbage_collected", "preempted", "throttled");

    public static string Write(StudyFindings findings) => string.Concat(findings.Configurations
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

    /// <summary>1 or 0; null where it was not watched for.</summary>
    private static int? Flag(MeasuredConfiguration one, int sample, Disturbances kind, Disturbances watched)
    {
        Disturbances flags = one.DisturbancesOf(sample);
        if ((watched & kind) == 0 || (flags & Disturbances.Unknown) != 0) return null;
        return (flags & kind) != 0 ? 1 : 0;
    }
}
