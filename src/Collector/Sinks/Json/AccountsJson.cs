using System.Text.Json;
using System.Text.Json.Serialization;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>The final accounts as one JSON object. Times are seconds.</summary>
internal static class AccountsJson
{
    /// <param name="rows">The configurations.</param>
    /// <param name="sources">Who saw them.</param>
    /// <param name="timeline">What could not be accounted for.</param>
    /// <param name="preemptors">Nanoseconds that threads of the target waited, by the command that held their CPU.</param>
    /// <param name="process">The target as a whole.</param>
    /// <param name="faultCost">What a minor page fault costs; null where that is not known.</param>
    /// <param name="wakers">Nanoseconds that driving threads were blocked, by what they waited for.</param>
    public static string Write(
        IReadOnlyList<SummaryRow> rows,
        IReadOnlyList<SourceStatus> sources,
        TimelineCounts timeline,
        IReadOnlyList<KeyValuePair<string, long>> preemptors,
        ProcessRow process,
        IReadOnlyList<KeyValuePair<WakerName, long>> wakers,
        FaultCost? faultCost)
    {
        var document = new AccountsDocument(
            [.. rows.Select(ToConfiguration)],
            [.. sources.Select(ToSource)],
            timeline,
            [.. preemptors.Select(pair => new PreemptorDocument(pair.Key, pair.Value / 1e9))],
            [.. wakers.Select(pair => new WakerDocument(pair.Key.Thread, CauseOf(pair.Key), pair.Value / 1e9))],
            ProcessDocument.Of(process),
            CalibrationDocument.Of(faultCost));
        return JsonSerializer.Serialize(document, AccountsJsonContext.Default.AccountsDocument);
    }

    private static ConfigurationDocument ToConfiguration(SummaryRow row) => new(
        row.Configuration.Operation,
        row.Configuration.BatchSize,
        row.Configuration.SequenceLength,
        row.Configuration.EmbeddingDim,
        row.Iterations,
        row.Incomplete,
        row.IncompleteBecause.OrderBy(pair => pair.Key).ToDictionary(pair => ReasonNames.Of(pair.Key), pair => pair.Value),
        new LatencyDocument(row.Median.Seconds, row.P95.Seconds, row.P99.Seconds),
        row.Wall.Seconds,
        StateTimes.States.ToDictionary(StateNames.Of, state => row.Measures(state) ? row.Times[state].Seconds : (double?)null),
        BesideDocument.Of(row),
        CountersDocument.Of(row),
        MeasuredDetails.HasBlockedFor(row.KernelTier) ? BlockedFor(row.Details) : null,
        PoolDocument.Of(row));

    private static Dictionary<string, double?> BlockedFor(DetailTotals totals) =>
        BlockedAccount.Causes.ToDictionary(CauseNames.Of, cause => (double?)totals.Blocked(cause).Seconds);

    private static string? CauseOf(WakerName waker) => waker.Cause is { } cause ? CauseNames.Of(cause) : null;

    private static SourceDocument ToSource(SourceStatus source) =>
        new(source.Name, source.Tier, source.WasUp, source.Events, source.Lost, source.Missing);
}

internal sealed record AccountsDocument(
    IReadOnlyList<ConfigurationDocument> Configurations,
    IReadOnlyList<SourceDocument> Sources,
    TimelineCounts Timeline,
    IReadOnlyList<PreemptorDocument> PreemptedBy,
    IReadOnlyList<WakerDocument> BlockedFor,
    ProcessDocument Process,
    CalibrationDocument? Calibration);

internal sealed record PreemptorDocument(string Command, double Seconds);

internal sealed record WakerDocument(string Thread, string? By, double Seconds);

internal sealed record ConfigurationDocument(
    string Operation,
    long BatchSize,
    long SequenceLength,
    long EmbeddingDim,
    long Iterations,
    long Incomplete,
    IReadOnlyDictionary<string, long> IncompleteBecause,
    LatencyDocument LatencySeconds,
    double WallSeconds,
    IReadOnlyDictionary<string, double?> Seconds,
    BesideDocument Beside,
    CountersDocument? Counters,
    IReadOnlyDictionary<string, double?>? BlockedForSeconds,
    PoolDocument? Pool);

internal sealed record LatencyDocument(double P50, double P95, double P99);

internal sealed record SourceDocument(string Name, string Tier, bool Up, long Events, long Lost, long Missing);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true)]
[JsonSerializable(typeof(AccountsDocument))]
internal sealed partial class AccountsJsonContext : JsonSerializerContext;
