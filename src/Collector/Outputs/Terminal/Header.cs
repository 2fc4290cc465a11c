using System.Globalization;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>The lines above the table: which source sees what, and what is missing.</summary>
internal static class Header
{
    /// <summary>Each source's tier and state, and the losses so far, on one line.</summary>
    public static string Sources(IReadOnlyList<SourceStatus> sources) =>
        string.Join("   ", sources.Select(Describe)) + $"   lost {Number(sources.Sum(source => source.Lost))}";

    /// <summary>How much was observed.</summary>
    public static string Totals(IReadOnlyList<SummaryRow> rows) =>
        $"{Counts(rows)}; shares are of wall time";

    private static string Counts(IReadOnlyList<SummaryRow> rows)
    {
        string reasons = string.Join(", ", rows.SelectMany(row => row.IncompleteBecause)
            .GroupBy(pair => pair.Key, pair => pair.Value)
            .OrderByDescending(group => group.Sum())
            .Select(group => $"{Names.Reason(group.Key)} {Number(group.Sum())}"));
        SummaryRow[] requests = [.. rows.Where(row => row.Request is not null)];
        int configurations = rows.Count - requests.Length;
        List<string> counts = [];
        if (configurations > 0 || requests.Length == 0)
            counts.Add($"{ForPeople.Count(rows.Sum(row => row.Request is null ? row.Iterations : 0), "iteration")} of {ForPeople.Count(configurations, "configuration")}");
        if (requests.Length > 0)
            counts.Add($"{ForPeople.Count(requests.Sum(row => row.Iterations), requests.All(row => row.Kind == UnitKind.Request) ? "request" : "unit")} of {ForPeople.Count(requests.Length, "name")}");
        return $"{string.Join(" and ", counts)}, "
            + $"{Number(rows.Sum(row => row.Incomplete))} incomplete{(reasons.Length > 0 ? $" ({reasons})" : "")}";
    }

    /// <summary>
    /// Iterations whose marks do not pair on one thread, by kind, on one line; null for none. A few at the edges, which were
    /// open when the observer came or went, are not worth a line.
    /// </summary>
    public static string? Unpaired(TimelineCounts counts)
    {
        long halves = counts.EndsMissing + counts.BeginningsMissing;
        if (counts.IterationsNested + counts.IterationsMoved == 0 && halves * 100 < counts.IterationsClosed) return null;
        (long Count, string What)[] kinds =
        [
            (counts.IterationsNested, "with another one inside"),
            (counts.IterationsMoved, "that ended on another thread"),
            (counts.EndsMissing, "without an end"),
            (counts.BeginningsMissing, "without a beginning"),
        ];
        string found = string.Join(", ", kinds.Where(kind => kind.Count > 0).Select(kind => $"{Number(kind.Count)} {kind.What}"));
        return found.Length == 0 ? null : $"iterations whose marks do not pair on one thread: {found}";
    }

    /// <summary>Accounts that were told as complete before something that may change them came; null for none.</summary>
    public static string? Doubted(TimelineCounts counts) => counts.UnitsDoubted == 0
        ? null
        : $"accounts in doubt: {Number(counts.UnitsDoubted)} were reported as complete before a switch or wake-up inside them arrived, "
            + "later than the collector waits for records";

    /// <summary>Why a source sees nothing, or not all, a line each; none when all are well.</summary>
    public static IEnumerable<string> Troubles(IReadOnlyList<SourceStatus> sources) =>
    [
        .. sources.Where(source => !source.WasUp || source.Failure is not null).Select(source => $"{source.Name}: {source.Detail}"),
        .. sources.Where(source => source.IsUp && source.Remark is not null).Select(source => $"{source.Name}: {source.Remark}"),
        .. sources.Where(source => source.IsUp && source.Unrecorded > 0).Select(source =>
            $"{source.Name}: {ForPeople.Count(source.Unrecorded, source.Tier == Tiers.Thread ? "thread" : "CPU")} unrecorded, the kernel refuses their rings "
            + "(ulimit -n, ulimit -l); what happens there is unknown"),
    ];

    /// <summary>How far it has come, and what runs now.</summary>
    /// <param name="elapsed">How long it has been observed.</param>
    /// <param name="duration">How long it will be; null until it ends.</param>
    /// <param name="rows">The configurations.</param>
    public static string Progress(TimeSpan elapsed, TimeSpan? duration, IReadOnlyList<SummaryRow> rows)
    {
        string whole = duration is not { } length ? ""
            : $" of {Seconds(length)}, {(length > elapsed ? $"{Seconds(length - elapsed)} left" : "finishing")}";
        string now = rows.FirstOrDefault(row => row.IsNewest) is { } newest ? $", now {UnitName.From(newest.Configuration)}" : "";
        return $"{Seconds(elapsed)}{whole}{now}: {Counts(rows)}";
    }

    private static string Describe(SourceStatus source) =>
        source.IsUp ? $"{source.Name}: {source.Tier}"
        : source is { WasUp: true, Failure: null } ? $"{source.Name}: {source.Tier} (ended)"
        : $"{source.Name}: DOWN";

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalSeconds):0} s");
}
