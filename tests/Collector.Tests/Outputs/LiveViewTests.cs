using Observatory.Contract;
using Observatory.Timeline;
using Spectre.Console;
using Spectre.Console.Testing;

namespace Observatory.Collector.Tests;

/// <summary>The live view in windows of the sizes that people have.</summary>
public sealed class LiveViewTests
{
    private const string Verdict = "45% of wall time without a CPU: stress-ng-cpu (pid 4711) held it";

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(160)]
    [InlineData(200)]
    public void No_line_is_longer_than_the_window_and_no_cell_is_broken(int width)
    {
        string[] lines = Draw(Model(configurations: 8), width, 24);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        Assert.InRange(lines.Length, 1, 24);
        // Head and eight rows, each on a line of its own.
        int head = Array.FindIndex(lines, line => line.Contains("batch", StringComparison.Ordinal));
        Assert.Equal(8, lines.Skip(head + 1).Take(8).Count(line => line.TrimStart().StartsWith("8  512", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_answer_comes_first_and_the_progress_second()
    {
        string[] lines = Draw(Model(2), 80, 24);
        Assert.Equal(Verdict, lines[0]);
        Assert.StartsWith("12 s of 60 s, 48 s left, now linear [8, 512, 256]: 2 iterations of", lines[1], StringComparison.Ordinal);
        Assert.Equal("metrics: http://127.0.0.1:9465/metrics   Ctrl-C to finish", lines[^1]);
    }

    [Fact]
    public void A_long_verdict_takes_two_lines_that_break_between_words()
    {
        string[] lines = Draw(Model(1) with { Verdict = string.Join(' ', Enumerable.Repeat("neighbour", 12)) }, 80, 24);
        Assert.Equal(8, lines[0].Split(' ').Length);
        Assert.Equal(4, lines[1].Split(' ').Length);
    }

    [Fact]
    public void Columns_leave_in_a_fixed_order_as_the_window_narrows_and_come_back()
    {
        IReadOnlyList<SummaryRow> rows = Model(3).Rows;
        List<string> left = [];
        IReadOnlyList<Column> before = Columns.For(rows);
        for (int width = Columns.Width(before, rows); width >= 40; width--)
        {
            IReadOnlyList<Column> now = Columns.Fit(rows, width);
            Assert.True(Columns.Width(now, rows) <= width);
            left.AddRange(before.Select(column => column.Head).Except(now.Select(column => column.Head)).Except(left));
        }

        Assert.Equal(["input MB", "par.eff", "GFLOP/s", "gc", "waking", "blocked", "unknown", "iters"], left.Take(8));
        Assert.Equal(Columns.For(rows).Select(column => column.Head), Columns.Fit(rows, 300).Select(column => column.Head));
    }

    [Fact]
    public void Where_not_all_rows_fit_those_that_lose_most_time_come_first()
    {
        string[] lines = Draw(Model(40), 80, 24);
        int head = Array.FindIndex(lines, line => line.Contains("batch", StringComparison.Ordinal));
        string[] dims = [.. lines.Skip(head + 1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).TakeWhile(cells => cells[0] == "8").Select(cells => cells[2])];
        // Row i has i times the wall time of the first, a quarter of it preempted.
        Assert.Equal(Enumerable.Range(0, dims.Length).Select(i => $"{128 + (39 - i)}"), dims);
        Assert.Contains(lines, line => line == $"{40 - dims.Length} more configurations lose less time; the final table has all");
        Assert.Equal(24 - 1, lines.Length);
    }

    [Fact]
    public void The_operation_is_a_column_as_soon_as_there_is_more_than_one()
    {
        Assert.DoesNotContain("operation", Columns.For(Model(2).Rows).Select(column => column.Head));
        IReadOnlyList<SummaryRow> mixed = [.. Model(1).Rows, Row(1, "softmax")];
        Assert.Equal("operation", Columns.For(mixed)[0].Head);
    }

    [Fact]
    public void Where_there_is_room_each_row_has_a_bar_of_its_states_in_their_colours()
    {
        Assert.DoesNotContain(Draw(Model(1), 80, 24), line => line.Contains('█'));
        string row = Assert.Single(Draw(Model(1), 200, 24), line => line.Contains('█'));
        Assert.Equal(40, row.Count(character => character == '█'));
        Assert.Equal(4, new[] { AccountState.Running, AccountState.Preempted, AccountState.Waking, AccountState.Blocked }
            .Select(state => RichTable.ColourOf(state)).Distinct().Count());
    }

    [Fact]
    public void A_process_that_marks_nothing_has_lines_of_its_own()
    {
        string[] lines = Draw(Model(0) with { Process = ["process: up to 12 threads, 3.000 s observed"] }, 80, 24);
        Assert.Contains("process: up to 12 threads, 3.000 s observed", lines);
    }

    [Fact]
    public void Log_lines_that_are_too_long_are_cut_and_push_nothing_out()
    {
        string[] lines = Draw(Model(3) with { Log = [new string('x', 500), "b", "c"] }, 80, 24);
        Assert.Equal(Verdict, lines[0]);
        Assert.Contains(lines, line => line.Length == 80 && line.EndsWith('…'));
    }

    private static string[] Draw(LiveModel model, int width, int height)
    {
        using var console = new TestConsole();
        console.Profile.Width = width;
        console.Profile.Height = height;
        console.Write(LiveView.Build(model, width, height));
        return [.. console.Output.TrimEnd().Split('\n').Select(line => line.TrimEnd())];
    }

    private static LiveModel Model(int configurations)
    {
        SummaryRow[] rows = [.. Enumerable.Range(0, configurations).Select(index => Row(index, "linear"))];
        if (rows.Length > 1) rows[1] = rows[1] with { IsNewest = true };
        return new LiveModel(
            Verdict,
            Header.Progress(TimeSpan.FromSeconds(12.3), TimeSpan.FromSeconds(60.5), rows.Length == 2 ? [rows[0], rows[1] with { Configuration = Samples.Configuration(1) }] : rows),
            rows,
            [],
            [Samples.Kernel(Tiers.Kernel)],
            [],
            [],
            "metrics: http://127.0.0.1:9465/metrics   Ctrl-C to finish");
    }

    private static SummaryRow Row(int index, string operation)
    {
        var summary = new AccountSummary(Samples.Kernel(Tiers.Kernel));
        WorkloadConfiguration configuration = Samples.Configuration(0) with { Index = index, EmbeddingDim = 128 + index, Operation = operation };
        summary.IterationClosed(configuration, Samples.Account(1, index, wall: 1_000_000 * (index + 1)));
        return summary.Rows()[0] with { IsNewest = false };
    }
}
