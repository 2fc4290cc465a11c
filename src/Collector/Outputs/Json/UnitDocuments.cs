using System.Text.Json.Serialization;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>The requests of one name. Times are seconds; null is what was not measured.</summary>
/// <param name="Kind">request, or event for units of the user's own.</param>
/// <param name="Name">For example <c>GET /orders/{}</c>.</param>
/// <param name="Count">How many ended.</param>
/// <param name="Incomplete">How many of them lack something.</param>
/// <param name="IncompleteBecause">The same by the most telling reason.</param>
/// <param name="LatencySeconds">From the server's start of the request to its end.</param>
/// <param name="WallSeconds">All of them together.</param>
/// <param name="Seconds">The same by state; they add up to it.</param>
/// <param name="CpuSeconds">CPU time of all threads that worked on them, of those that did so at once all of it.</param>
/// <param name="Segments">Times a thread began to work on one.</param>
/// <param name="Details">What stands beside.</param>
/// <param name="BlockedForSeconds">What blocked time waited for.</param>
/// <param name="AwaitedForSeconds">Awaiting time by the operation that was under way; the parts add up to it.</param>
internal sealed record UnitDocument(
    string Kind,
    string Name,
    long Count,
    long Incomplete,
    IReadOnlyDictionary<string, long> IncompleteBecause,
    LatencyDocument LatencySeconds,
    double WallSeconds,
    IReadOnlyDictionary<string, double?> Seconds,
    double? CpuSeconds,
    long Segments,
    [property: JsonPropertyName("beside")] DetailsDocument Details,
    IReadOnlyDictionary<string, double?>? BlockedForSeconds,
    IReadOnlyDictionary<string, double>? AwaitedForSeconds)
{
    public static UnitDocument From(SummaryRow row) => new(
        UnitObservation.KindOf(row.Kind),
        row.Unit,
        row.Iterations,
        row.Incomplete,
        AccountsJson.Reasons(row),
        AccountsJson.Latency(row),
        row.Wall.Seconds,
        AccountsJson.Seconds(row),
        row.Measures(AccountState.Running) ? row.Work[AccountState.Running].Seconds : null,
        row.Segments,
        DetailsDocument.From(row),
        Measured.HasBlockedFor(row.KernelTier) ? AccountsJson.BlockedFor(row.Details) : null,
        row.Segments > 0 ? AwaitedTimes.Kinds.ToDictionary(Names.Awaited, kind => row.Details.Awaited(kind).Seconds) : null);
}

/// <summary>What is known of requests besides their accounts.</summary>
/// <param name="Level">How much is observed now: off, starts, segments or queue.</param>
/// <param name="AskedLevel">How much was asked for: above the former where there were too many events.</param>
/// <param name="Open">Requests that have begun and not ended.</param>
/// <param name="Names">Names in use.</param>
/// <param name="Problems">What has no account, by reason.</param>
internal sealed record UnitSourceDocument(string Level, string AskedLevel, int Open, int Names, IReadOnlyDictionary<string, long> Problems)
{
    /// <summary>Null where none are observed.</summary>
    public static UnitSourceDocument? From(UnitObservation? units) => units is null or { Level: UnitLevel.Off }
        ? null
        : new UnitSourceDocument(
            UnitObservation.NameOf(units.Level),
            UnitObservation.NameOf(units.AskedLevel),
            units.Open,
            units.Names.Count,
            UnitObservation.AllProblems.ToDictionary(UnitObservation.NameOf, problem => units[problem]));
}
