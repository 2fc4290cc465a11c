using System.Globalization;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>One column of the table.</summary>
/// <param name="Head">Its head.</param>
/// <param name="Text">What stands in it for a configuration.</param>
internal sealed record Column(string Head, Func<SummaryRow, string> Text)
{
    /// <summary>The state whose share it shows; null for the others.</summary>
    public AccountState? State { get; init; }

    /// <summary>Its place among those that leave when there is no room, 0 first; null for those that stay.</summary>
    public int? Leaves { get; init; }

    /// <summary>True for words, which begin at the left.</summary>
    public bool IsLeft { get; init; }

    /// <summary>A cell as it stands in a line.</summary>
    public string Pad(string text, int width) => IsLeft ? text.PadRight(width) : text.PadLeft(width);

    /// <summary>Characters that it needs for some rows.</summary>
    public int Width(IReadOnlyList<SummaryRow> rows) => rows.Select(row => Text(row).Length).Append(Head.Length).Max();
}

/// <summary>The columns of the table, the same in the live view and in plain lines.</summary>
internal static class Columns
{
    /// <summary>Between two columns.</summary>
    public const string Gap = "  ";

    /// <summary>States leave when they are zero, after these; those with something to show leave last, the smallest first.</summary>
    private const int ZeroState = 10;
    private const int AnyState = 100;

    /// <summary>Characters of a unit's name; JSON and metrics have all of it.</summary>
    private const int LongestUnit = 40;

    private static readonly Column Unit = new(
        "unit", row => row.Unit.Length <= LongestUnit ? row.Unit : $"{row.Unit.AsSpan(0, LongestUnit - 3)}...") { IsLeft = true };

    // Of requests there is nothing to say that only a computation has.
    private static readonly Column[] OfRequests =
    [
        Unit,
        new("count", row => Count(row.Iterations)) { Leaves = 30 },
        new("p50 ms", row => Milliseconds(row.Median)),
        new("p95 ms", row => Milliseconds(row.P95)) { Leaves = 40 },
        new("p99 ms", row => Milliseconds(row.P99)) { Leaves = 35 },
    ];

    private static readonly Column Operation = new("operation", row => row.Configuration.Operation);

    private static readonly Column DataType = new("dtype", row => row.Configuration.DataType);

    private static readonly Column Threads = new("threads", row => Count(row.Configuration.Threads));

    /// <summary>Instructions per cycle, in user mode.</summary>
    private static readonly Column InstructionsPerCycle = new(
        "IPC", row => row.Details.Counted.InstructionsPerCycle?.ToString("0.00", CultureInfo.InvariantCulture) ?? "n/a") { Leaves = 20 };

    private static readonly Column[] Always =
    [
        new("batch", row => Count(row.Configuration.BatchSize)),
        new("seq", row => Count(row.Configuration.SequenceLength)),
        new("dim", row => Count(row.Configuration.EmbeddingDim)),
        new("iters", row => Count(row.Iterations)) { Leaves = 30 },
        new("p50 ms", row => Milliseconds(row.Median)),
        new("p95 ms", row => Milliseconds(row.P95)) { Leaves = 40 },
        new("GFLOP/s", row => row.GigaFlops.ToString("0.0", CultureInfo.InvariantCulture)) { Leaves = 2 },
        new("input MB", row => row.InputMegabytes.ToString("0.0", CultureInfo.InvariantCulture)) { Leaves = 0 },
        new("par.eff", row => row.ParallelEfficiency?.ToString("0%", CultureInfo.InvariantCulture) ?? "n/a") { Leaves = 1 },
    ];

    /// <summary>All columns for some rows. What no row has been measured for has none, nor has what all rows share.</summary>
    public static IReadOnlyList<Column> For(IReadOnlyList<SummaryRow> rows)
    {
        if (rows.Any(row => row.Request is not null))
            return [.. OfRequests, .. StateTimes.UnitStates.Select(state => StateColumn(state, rows))];
        List<Column> columns = [.. Always];
        if (rows.Select(row => row.Configuration.Threads).Distinct().Skip(1).Any()) columns.Insert(0, Threads);
        if (rows.Select(row => row.Configuration.DataType).Distinct().Skip(1).Any()) columns.Insert(0, DataType);
        if (rows.Select(row => row.Configuration.Operation).Distinct().Skip(1).Any()) columns.Insert(0, Operation);
        if (rows.Any(row => row.Details.Counted.InstructionsPerCycle is not null)) columns.Add(InstructionsPerCycle);
        columns.AddRange(StateTimes.States.Select(state => StateColumn(state, rows)));
        return columns;
    }

    /// <summary>Those of them that have room, in an order of leaving that does not depend on the width.</summary>
    public static IReadOnlyList<Column> Fit(IReadOnlyList<SummaryRow> rows, int width)
    {
        List<Column> columns = [.. For(rows)];
        foreach (Column next in columns.Where(column => column.Leaves is not null).OrderBy(column => column.Leaves).ToArray())
        {
            if (Width(columns, rows) <= width) break;
            columns.Remove(next);
        }

        return columns;
    }

    /// <summary>Characters of a line.</summary>
    public static int Width(IReadOnlyList<Column> columns, IReadOnlyList<SummaryRow> rows) =>
        columns.Sum(column => column.Width(rows)) + (Gap.Length * Math.Max(0, columns.Count - 1));

    private static Column StateColumn(AccountState state, IReadOnlyList<SummaryRow> rows)
    {
        double most = rows.Count == 0 ? 0 : rows.Max(row => row.Share(state));
        return new Column(Names.State(state), row => Percent(row, state))
        {
            State = state,
            // By what is shown: shares move all the time, and a column must not come and go with them.
            Leaves = most < 0.0005 ? ZeroState + (int)state : AnyState + (int)(most * 1_000),
        };
    }

    private static string Count(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Milliseconds(Duration time) =>
        (time.Nanoseconds / 1e6).ToString(time.Nanoseconds < 10_000_000 ? "0.00" : "0.0", CultureInfo.InvariantCulture);

    /// <summary>A share in percent: a dot stands for none at all, and a trace of something is not rounded to nothing.</summary>
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
