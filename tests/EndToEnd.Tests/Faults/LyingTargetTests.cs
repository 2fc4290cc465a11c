using System.Globalization;
using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>Targets that say what no honest program says. Each way in is walked by a real one, each way out is read.</summary>
public sealed class LyingTargetTests
{
    [Fact]
    public async Task Names_of_a_target_harm_neither_terminal_nor_files_nor_metrics()
    {
        using var file = new TemporaryFile();
        int port = FreePort.Next();
        // The name in its arguments is its own choice too.
        await using RunningProcess target = RunningProcess.Start(
            "bash", ["-c", $"exec -a \"$0\" '{Built.LyingTarget}' names", "a\n\u001b[31mX\u202E"]);
        await AttachedRun.ListedAsync(target.Id);
        string listed = await AttachedRun.ListAsync();
        await using RunningProcess collector = RunningProcess.Start(
            Built.Collector,
            ["attach", "--pid", $"{target.Id}", "--json", "--accounts", file.Path, "--port", $"{port}", "--runtime-events", "verbose"]);
        var metrics = new Uri($"http://127.0.0.1:{port}/metrics");
        string scraped = await Eventually.GetAsync(
            "exceptions and accounts of both operations",
            () => ReadAsync(metrics),
            text => text.Contains("observatory_exceptions_total{", StringComparison.Ordinal)
                && text.Contains("sequence_length=\"1\"", StringComparison.Ordinal));
        FinishedProcess finished = await collector.StopAsync();

        Assert.Equal(0, finished.ExitCode);
        foreach ((string where, string text) in new[]
        {
            ("the list", listed), ("the log", finished.Error), ("the results", finished.Output), ("the metrics", scraped),
            ("the accounts", await File.ReadAllTextAsync(file.Path)),
        })
        {
            Assert.True(IsHarmless(text), $"{where}: {text}");
        }

        // JSON hides what it escapes: what a reader gets out of it counts.
        JsonNode results = JsonNode.Parse(finished.Output)!;
        JsonNode account = JsonNode.Parse((await File.ReadAllLinesAsync(file.Path))[0])!;
        Assert.All(Strings(results).Concat(Strings(account)), text => Assert.True(IsHarmless(text) && text.Length <= 400, text));
        Assert.Contains(Strings(results), text => text.StartsWith("a\"b??[31mX", StringComparison.Ordinal));
        Assert.Contains("a\\\"b??[31mX", scraped, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_of_four_hundred_configurations_has_its_series()
    {
        const int Declared = 400;
        int port = FreePort.Next();
        await using RunningProcess target = await StartAsync("configurations", Declared);
        await using RunningProcess collector = RunningProcess.Start(
            Built.Collector, ["attach", "--pid", $"{target.Id}", "--no-live", "--port", $"{port}"]);
        var metrics = new Uri($"http://127.0.0.1:{port}/metrics");
        // A scrape reads one instrument after the other, and units end meanwhile. Every reason of each, ten or so.
        (_, _, bool hasOverflow) = await Eventually.GetAsync(
            "a duration and the reasons of each",
            async () => Counted(await ReadAsync(metrics)),
            counted => counted is { Durations: Declared, Reasons: > 2000 } && counted.Reasons % Declared == 0);
        Assert.False(hasOverflow);
    }

    private static (int Durations, int Reasons, bool HasOverflow) Counted(string scraped) => (
        Count(scraped, "observatory_iteration_duration_seconds_count{"),
        Count(scraped, "observatory_iterations_incomplete_total{"),
        scraped.Contains("otel_metric_overflow", StringComparison.Ordinal));

    [Fact]
    public async Task Any_number_of_configurations_takes_the_memory_of_so_many_and_counts_every_iteration()
    {
        const int Declared = 60_000;
        (FinishedProcess finished, JsonNode results, long resident) = await ObserveAsync("configurations", Declared);

        JsonArray rows = results["configurations"]!.AsArray();
        Assert.Equal(1001, rows.Count);
        Assert.Equal("other", rows[^1]!["operation"]!.GetValue<string>());
        Assert.Equal(Declared + (Declared / 10), rows.Sum(row => row!["iterations"]!.GetValue<long>()));
        Assert.Contains("more than 1000 configurations", finished.Error, StringComparison.Ordinal);
        Assert.InRange(resident, 1, 800_000);
    }

    [Fact]
    public async Task Iterations_that_begin_and_never_end_are_counted_and_take_no_memory_for_good()
    {
        const int Begun = 500_000;
        (_, JsonNode results, long resident) = await ObserveAsync("begins", Begun);

        Assert.Equal(1, results["configurations"]!.AsArray().Sum(row => row!["iterations"]!.GetValue<long>()));
        Assert.InRange(resident, 1, 600_000);
    }

    [Fact]
    public async Task A_configuration_that_is_never_declared_costs_no_other_its_accounts()
    {
        (FinishedProcess finished, JsonNode results, _) = await ObserveAsync("undeclared", 1000);

        JsonNode row = Assert.Single(results["configurations"]!.AsArray())!;
        Assert.Equal(1000, row["iterations"]!.GetValue<long>());
        Assert.Contains("1000 iterations of undeclared configurations are not shown", finished.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Marks_that_do_not_pair_and_numbers_that_run_backwards_are_counted_by_kind_and_nothing_is_negative()
    {
        const int Each = 50;
        await using RunningProcess target = await StartAsync("marks", Each);
        // The same lies told to somebody who reads the table.
        await using RunningProcess second = await StartAsync("marks", Each);
        await using RunningProcess collector = RunningProcess.Start(
            Built.Collector, ["attach", "--pid", $"{target.Id}", "--json", "--port", "0"]);
        await using RunningProcess reader = RunningProcess.Start(
            Built.Collector, ["attach", "--pid", $"{second.Id}", "--no-live", "--port", "0"]);
        foreach (RunningProcess told in (RunningProcess[])[target, second])
            await Eventually.TrueAsync("the end of the lies", () => told.Output.Contains("told", StringComparison.Ordinal));
        FinishedProcess finished = await collector.StopAsync(), table = await reader.StopAsync();

        Assert.Equal((0, 0), (finished.ExitCode, table.ExitCode));
        JsonNode results = JsonNode.Parse(finished.Output)!, timeline = results["timeline"]!;
        TestContext.Current.TestOutputHelper!.WriteLine($"{timeline.ToJsonString()}\n{results["sources"]!.ToJsonString()}\n{table.Output}");
        Assert.Equal((Each, Each), (Number("iterations_nested"), Number("iterations_moved")));
        // An outer one has lost its end, so has one that another follows; the ends that come after are those of nothing that is open.
        Assert.Equal((2 * Each, 2 * Each), (Number("ends_missing"), Number("beginnings_missing")));
        // The honest ones, those inside others, those that moved, and those after one without an end; seven with numbers of their own.
        Assert.Equal((4 * Each) + 7, Number("iterations_closed"));
        Assert.All(Numbers(results), number => Assert.True(number >= 0, $"{number}"));
        Assert.Contains(
            $"iterations whose marks do not pair on one thread: {Each} with another one inside, {Each} that ended on another thread, "
            + $"{2 * Each} without an end, {2 * Each} without a beginning",
            table.Output, StringComparison.Ordinal);

        long Number(string name) => timeline[name]!.GetValue<long>();
    }

    private static IEnumerable<double> Numbers(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Numbers(member.Value)),
        JsonArray items => items.SelectMany(Numbers),
        JsonValue value when value.TryGetValue(out double number) => [number],
        _ => [],
    };

    private static int Count(string scraped, string series) =>
        scraped.Split('\n').Count(line => line.StartsWith(series, StringComparison.Ordinal));

    /// <summary>Observes a target until it has told all its lies.</summary>
    private static async Task<(FinishedProcess Finished, JsonNode Results, long Resident)> ObserveAsync(string lie, int amount)
    {
        await using RunningProcess target = await StartAsync(lie, amount);
        await using RunningProcess collector = RunningProcess.Start(
            Built.Collector, ["attach", "--pid", $"{target.Id}", "--json", "--port", "0", "--tier", "none"]);
        await Eventually.TrueAsync("the end of the lies", () => target.Output.Contains("told", StringComparison.Ordinal));
        long resident = Resident(collector.Id);
        FinishedProcess finished = await collector.StopAsync();
        Assert.Equal(0, finished.ExitCode);
        return (finished, JsonNode.Parse(finished.Output)!, resident);
    }

    private static async Task<RunningProcess> StartAsync(string lie, int amount = 1)
    {
        RunningProcess target = RunningProcess.Start(Built.LyingTarget, [lie, $"{amount}"]);
        await AttachedRun.ListedAsync(target.Id);
        return target;
    }

    private static async Task<string> ReadAsync(Uri metrics)
    {
        try
        {
            return await Web.GetAsync(metrics);
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }

    private static bool IsHarmless(string text) => text.All(each => each == '\n'
        || CharUnicodeInfo.GetUnicodeCategory(each) is not (UnicodeCategory.Control or UnicodeCategory.Format));

    private static IEnumerable<string> Strings(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Strings(member.Value).Prepend(member.Key)),
        JsonArray items => items.SelectMany(Strings),
        JsonValue value when value.TryGetValue(out string? text) => [text],
        _ => [],
    };

    private static long Resident(int process) => long.Parse(
        File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
