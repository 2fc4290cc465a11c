using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

public sealed class LevelTests
{
    private const string Pauses = "observatory_gc_pause_duration_seconds_count";
    private const string Events = "observatory_events_total";

    [Fact]
    public async Task Off_still_has_the_accounts_and_says_that_gc_is_not_measured()
    {
        using var file = new TemporaryFile();
        FinishedProcess finished = await RunningProcess.RunAsync(
            Built.Collector,
            ["--runtime-events", "off", "--json", "--accounts", file.Path, "--port", "0", "--", "--port", "0", .. ObservedRun.SmallStudy, "--once"]);
        JsonNode json = JsonNode.Parse(finished.Output)!;
        Assert.Equal("contract", json["sources"]![0]!["tier"]!.GetValue<string>());
        Assert.All(json["configurations"]!.AsArray(), row => Assert.Null(row!["seconds"]!["gc"]));
        JsonNode account = JsonNode.Parse(File.ReadLines(file.Path).First())!;
        Assert.Null(account["ns"]!["gc"]);
        Assert.True(account["complete"]!.GetValue<bool>() || account["ns"]!["unknown"]!.GetValue<long>() > 0);
    }

    [Fact]
    public async Task Off_asks_the_runtime_for_nothing()
    {
        await using ObservedChurn churn = await ObservedChurn.StartAsync(["iterate", "exceptions"], "--runtime-events", "off");
        Exposition scraped = await churn.SeesAsync("observatory_iteration_duration_seconds_count");
        Assert.Null(scraped.Sum(Pauses));
        Assert.Null(scraped.Sum("observatory_iteration_time_seconds_total", "state=gc"));
        Assert.Null(scraped.Sum("observatory_gc_committed_bytes"));
        Assert.Equal(0, scraped.Sum(Events, "source=runtime,kind=suspension"));
    }

    [Fact]
    public async Task Gc_has_pauses_and_nothing_of_threads()
    {
        await using ObservedChurn churn = await ObservedChurn.StartAsync(["induced", "exceptions", "lock"], "--runtime-events", "gc");
        Exposition scraped = await churn.SeesAsync(Pauses);
        Assert.Null(scraped.Sum("observatory_exceptions_total"));
        Assert.Null(scraped.Sum(Events, "kind=contention"));
        Assert.Null(scraped.Sum("observatory_threads_started_total"));
    }

    [Fact]
    public async Task Groups_are_added_and_taken_away()
    {
        await using ObservedChurn churn = await ObservedChurn.StartAsync(
            ["allocate", "exceptions", "queue"], "--runtime-events", "verbose,-exceptions,-queue");
        Exposition scraped = await churn.SeesAsync("observatory_allocation_sampled_bytes_total");
        Assert.Null(scraped.Sum("observatory_exceptions_total"));
        Assert.Null(scraped.Sum("observatory_thread_pool_queue_delay_seconds_count"));
    }

    [Fact]
    public async Task What_cannot_be_is_refused_in_one_line()
    {
        await RefusesAsync("Choose off, gc, default or verbose", "--runtime-events", "everything");
        await RefusesAsync("'smoke' is not a group", "--runtime-events", "default,+smoke");
        await RefusesAsync("neither adds nor removes", "--runtime-events", "default,gc");
        await RefusesAsync("give a whole number from 1 to 4096", "--buffer", "0");
        await RefusesAsync("cannot be written", "--nettrace", "/proc/none/file");
    }

    private static Task RefusesAsync(string expected, params string[] options) =>
        AttachedRun.RefusesAsync(expected, Built.Collector, ["--port", "0", .. options]);
}
