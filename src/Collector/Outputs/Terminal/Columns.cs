using System.Globalization;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>The columns of the table, the same in the live view and in plain lines.</summary>
internal static class Columns
{
    /// <summary>Instructions per cycle, in user mode.</summary>
    private static readonly Column InstructionsPerCycle = new(
        "IPC", row => row.Details.Counted.InstructionsPerCycle?.ToString("0.00", CultureInfo.InvariantCulture) ?? "n/a");

    private static readonly Column[] Always =
    [
        new("batch", row => Count(row.Configuration.BatchSize)),
        new("seq", row => Count(row.Configuration.SequenceLength)),
        new("dim", row => Count(row.Configuration.EmbeddingDim)),
        new("iters", row => Count(row.Iterations)),
        new("p50 ms", row => Milliseconds(row.Median)),
        new("p95 ms", row => Milliseconds(row.P95)),
        new("GFLOP/s", row => row.GigaFlops.ToString("0.0", CultureInfo.InvariantCulture)),
        new("input MB", row => row.InputMegabytes.ToString("0.0", CultureInfo.InvariantCulture)),
        new("par.eff", row => row.ParallelEfficiency?.ToString("0%", CultureInfo.InvariantCulture) ?? "n/a"),
    ];

    private static readonly Column[] States =
    [
        .. StateTimes.States.Select(state => new Column(Names.State(state), row => Percent(row, state)) { State = state }),
    ];

    /// <summary>The columns for some rows: each has a head, and a text for a row. What no row has been measured for has none.</summary>
    public static IReadOnlyList<Column> For(IReadOnlyList<SummaryRow> rows) =>
        rows.Any(row => row.Details.Counted.InstructionsPerCycle is not null)
            ? [.. Always, InstructionsPerCycle, .. States]
            : [.. Always, .. States];

    private static string Count(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Milliseconds(Duration time) =>
        (time.Nanoseconds / 1e6).ToString(time.Nanoseconds < 10_000_000 ? "0.00" : "0.0", CultureInfo.InvariantCulture);

    /// <summary>A share in percent: exactly nothing is a dot, and a trace of something is not rounded to nothing.</summary>
    private static string Percent(SummaryRow row, AccountState state)
    {
        if (!row.Measures(state)) return "n/a";
        double share = row.Share(state);
        return share switch
        {
            0 => "·",
            < 0.0005 => "<0.1%",
            _ => share.ToString("0.0%", CultureInfo.InvariantCulture),
        };
    }
}

/// <summary>One column of the table.</summary>
/// <param name="Head">Its head.</param>
/// <param name="Text">What stands in it for a configuration.</param>
internal sealed record Column(string Head, Func<SummaryRow, string> Text)
{
    /// <summary>The state whose share it shows; null for the others.</summary>
    public AccountState? State { get; init; }
}
