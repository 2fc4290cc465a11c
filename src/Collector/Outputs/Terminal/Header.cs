using System.Globalization;

namespace Observatory.Collector;

/// <summary>The lines above the table: who sees what, and what is missing.</summary>
internal static class Header
{
    /// <summary>Each source's tier and state, and the losses so far, on one line.</summary>
    public static string Sources(IReadOnlyList<SourceStatus> sources) =>
        string.Join("   ", sources.Select(Describe)) + $"   lost {Number(sources.Sum(source => source.Lost))}";

    /// <summary>How much was observed.</summary>
    public static string Totals(IReadOnlyList<SummaryRow> rows) =>
        $"{Number(rows.Sum(row => row.Iterations))} iterations of {rows.Count} configurations, "
        + $"{Number(rows.Sum(row => row.Incomplete))} incomplete; shares are of wall time";

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

    /// <summary>Why a source sees nothing, a line each; none when all are well.</summary>
    public static IEnumerable<string> Troubles(IReadOnlyList<SourceStatus> sources) =>
        sources.Where(source => !source.WasUp).Select(source => $"{source.Name}: {source.Detail}");

    /// <summary>Who held the CPUs while threads of the target waited for one: the most important ones, on one line.</summary>
    public static string Preemptors(IReadOnlyList<KeyValuePair<string, long>> waits)
    {
        double total = waits.Sum(pair => pair.Value);
        return $"waited for a CPU {Math.Round(total / 1e9, 1).ToString(CultureInfo.InvariantCulture)} s (all threads), held by: "
            + string.Join(", ", waits.Take(5).Select(pair => $"{pair.Key} {(pair.Value / total).ToString("0%", CultureInfo.InvariantCulture)}"));
    }

    /// <summary>What driving threads waited for while they were blocked: the most important parts, on one line.</summary>
    public static string BlockedFor(IReadOnlyList<KeyValuePair<WakerName, long>> sleeps)
    {
        double total = sleeps.Sum(pair => pair.Value);
        return $"blocked {Math.Round(total / 1e9, 1).ToString(CultureInfo.InvariantCulture)} s (driving threads) while: "
            + string.Join(", ", sleeps.Take(5).Select(pair => $"{Describe(pair.Key)} {(pair.Value / total).ToString("0%", CultureInfo.InvariantCulture)}"));
    }

    private static string Describe(WakerName waker) => waker.Cause switch
    {
        Observatory.Timeline.BlockedFor.Running => $"{waker.Thread} ran",
        Observatory.Timeline.BlockedFor.Preempted => $"{waker.Thread} had lost its CPU",
        Observatory.Timeline.BlockedFor.Waking => $"{waker.Thread} waited for a CPU",
        Observatory.Timeline.BlockedFor.Sleeping => $"{waker.Thread} slept",
        Observatory.Timeline.BlockedFor.OtherProcess => $"another process, {waker.Thread}, was waited for",
        Observatory.Timeline.BlockedFor.Interrupt => "a timer or device was waited for",
        Observatory.Timeline.BlockedFor.Unexplained => "unexplained",
        _ => waker.Thread,
    };

    private static string Describe(SourceStatus source) =>
        source.IsUp ? $"{source.Name}: {source.Tier}" : source.WasUp ? $"{source.Name}: {source.Tier} (ended)" : $"{source.Name}: DOWN";

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
