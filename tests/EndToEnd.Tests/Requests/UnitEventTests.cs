using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>Units of a program's own: two events of any EventSource, beside the iterations it marks.</summary>
public sealed class UnitEventTests
{
    private const string Source = "Observatory-Test-Jobs";
    private const string Ended = "observatory_units_total";
    private const int Enough = 20;

    [Fact]
    public async Task Jobs_of_an_event_source_have_accounts_that_add_up()
    {
        using var file = new TemporaryFile();
        int port = FreePort.Next();
        await using RunningProcess target = RunningProcess.Start(Built.ChurnTarget, ["job", "order", "iterate"]);
        await AttachedRun.ListedAsync(target.Id);
        await using RunningProcess collector = RunningProcess.Start(
            Built.Collector,
            [
                "attach", "--pid", $"{target.Id}", "--json", "--accounts", file.Path, "--port", $"{port}", "--units", "off",
                "--unit", $"{Source}/Job", "--unit", $"{Source}/OrderStart:id", "--unit", $"{Source}/Step",
            ]);
        await Eventually.GetAsync(
            "jobs, orders and iterations",
            () => collector.HasExited
                ? throw new InvalidOperationException($"The collector ended: {collector.Error}")
                : Exposition.ReadAsync(new Uri($"http://127.0.0.1:{port}/metrics")),
            scraped => scraped.Sum(Ended, "unit=Job") > Enough && scraped.Sum(Ended, "unit=Order") > Enough
                && scraped.Sum("observatory_iteration_duration_seconds_count", "") > 0);
        FinishedProcess finished = await collector.StopAsync();
        Assert.True(finished.ExitCode == 0, finished.Error);

        JsonNode results = JsonNode.Parse(finished.Output)!;
        string[] names = [.. results["units"]!.AsArray().Select(unit => unit!["name"]!.GetValue<string>())];
        Assert.Contains("Job", names);
        Assert.Contains("Order", names);
        Assert.All(results["units"]!.AsArray(), unit => Assert.Equal("event", unit!["kind"]!.GetValue<string>()));
        Assert.NotEmpty(results["configurations"]!.AsArray());

        JsonNode[] accounts = [.. File.ReadLines(file.Path).Select(line => JsonNode.Parse(line)!).Where(line => line["kind"] is not null)];
        Assert.All(accounts, account => Assert.Equal(
            Number(account, "ended_ns") - Number(account, "began_ns"), account["ns"]!.AsObject().Sum(state => state.Value?.GetValue<long>() ?? 0)));

        // Two times 2 ms on a thread, whether that had a CPU or not, and a timer of 5 ms in between; a collection counts for itself at any time.
        JsonNode[] jobs = [.. accounts.Where(account => account["unit"]!.GetValue<string>() == "Job" && account["complete"]!.GetValue<bool>())];
        Assert.NotEmpty(jobs);
        Assert.All(jobs, job =>
        {
            JsonNode states = job["ns"]!;
            Assert.InRange(Number(job, "ended_ns") - Number(job, "began_ns") - Number(states, "awaiting"), 4_000_000, long.MaxValue);
            // The timer may be over before the thread comes to wait for it.
            Assert.InRange(Number(job, "segments"), 1, 2);
            if (Number(job, "segments") == 2) Assert.InRange(Number(states, "awaiting") + Number(states, "gc"), 1, long.MaxValue);
        });
        Assert.Contains(jobs, job => Number(job, "segments") == 2);

        // Of an order the end is written where the runtime follows nothing; its field says which one ends. Every second end has no beginning.
        JsonNode problems = results["unit_source"]!["problems"]!;
        Assert.InRange(Number(problems, "begin_missing"), Enough / 2, long.MaxValue);
        Assert.InRange(Number(problems, "nested"), Enough / 2, long.MaxValue);
        Assert.Equal(0, Number(problems, "malformed"));
    }

    [Theory]
    [InlineData("Job")]
    [InlineData("Microsoft-Windows-DotNETRuntime/GC")]
    public async Task What_cannot_be_a_unit_is_refused(string unit)
    {
        FinishedProcess refused = await RunningProcess.RunAsync(Built.Collector, ["attach", "--pid", "1", "--port", "0", "--unit", unit]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains($"--unit '{unit}'", refused.Error, StringComparison.Ordinal);
        Assert.Equal(1, refused.Error.Count(character => character == '\n'));
    }

    private static long Number(JsonNode of, string name) => of[name]!.GetValue<long>();
}
