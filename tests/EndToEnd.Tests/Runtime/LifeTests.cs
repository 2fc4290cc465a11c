using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>Targets and collectors that come and go. Nothing hangs; what was received is kept.</summary>
public sealed class LifeTests
{
    private const string Collections = "observatory_gc_collections_total";
    private static readonly string[] Quiet = ["--no-live", "--tier", "none", "--json"];

    [Fact]
    public async Task A_target_that_ends_ends_the_run_with_what_was_seen()
    {
        await using ObservedChurn churn = await ObservedChurn.StartAsync(["induced", "exceptions"]);
        await churn.SeesAsync(Collections);
        await churn.Target.StopAsync();
        Assert.True(EventsOf(await churn.Collector.WaitAsync(Limits.Condition)) > 0);
    }

    [Fact]
    public async Task A_target_that_is_killed_ends_the_run_with_what_was_seen()
    {
        await using ObservedChurn churn = await ObservedChurn.StartAsync(["induced", "allocate"], "--runtime-events", "verbose");
        await churn.SeesAsync(Collections);
        await KillAsync(churn.Target);
        Assert.True(EventsOf(await churn.Collector.WaitAsync(Limits.Condition)) > 0);
    }

    [Fact]
    public async Task Two_collectors_see_the_same_runtime_each_at_its_own_level_and_one_comes_back_after_it_was_killed()
    {
        await using RunningProcess target = RunningProcess.Start(Built.ChurnTarget, ["induced", "exceptions"]);
        await AttachedRun.ListedAsync(target.Id);
        await using Attached one = Attached.To(target, "gc");
        await using Attached two = Attached.To(target, "default,+exceptions");
        await one.SeesAsync(Collections);
        await two.SeesAsync("observatory_exceptions_total");
        await KillAsync(two.Collector);
        await using Attached back = Attached.To(target, "default,+exceptions");
        await back.SeesAsync("observatory_exceptions_total");
        double before = (await one.ScrapeAsync()).Sum(Collections)!.Value;
        Exposition after = await Eventually.GetAsync("more collections", one.ScrapeAsync, scraped => scraped.Sum(Collections) > before);
        // The other session's events do not reach this one.
        Assert.Null(after.Sum("observatory_exceptions_total"));
        Assert.False(target.HasExited);
        Assert.Equal(0, (await one.Collector.StopAsync()).ExitCode);
    }

    [Fact]
    public async Task A_target_that_is_started_again_is_observed_again()
    {
        for (int visit = 0; visit < 2; visit++)
        {
            await using RunningProcess target = RunningProcess.Start(Built.ChurnTarget, ["induced"]);
            await AttachedRun.ListedAsync(target.Id);
            await using Attached collector = Attached.To(target, "gc");
            await collector.SeesAsync(Collections);
            await KillAsync(target);
            Assert.True(EventsOf(await collector.Collector.WaitAsync(Limits.Condition)) > 0);
        }
    }

    /// <summary>At this level its runtime sends nothing, and the timeline would wait for it as long as it waits for anything.</summary>
    [Fact]
    public async Task A_target_that_sends_nothing_by_itself_has_a_heartbeat_and_is_followed()
    {
        const string Pool = "observatory_pool_time_seconds_total";
        await using RunningProcess target = RunningProcess.Start(Built.ChurnTarget, ["idle"]);
        await AttachedRun.ListedAsync(target.Id);
        await using Attached collector = Attached.To(target, "off", ["--no-live", "--json"]);
        Exposition first = await collector.SeesAsync("observatory_events_total", "source=runtime,kind=heartbeat");
        Assert.SkipWhen(first.Sum("observatory_source_up", "source=kernel") == 0, "Needs a tier of the kernel source that sees threads.");
        double before = (await collector.SeesAsync(Pool)).Sum(Pool)!.Value;
        Exposition after = await Eventually.GetAsync("thread time that moves on", collector.ScrapeAsync, scraped => scraped.Sum(Pool) > before);
        Assert.Equal(0, (await collector.Collector.StopAsync()).ExitCode);
        Assert.True(after.Sum("observatory_target_gap_seconds_total") > 0);
        Assert.True(after.Sum("observatory_collector_cpu_seconds_total", "part=timeline") > 0);
    }

    /// <summary>Counted in events, not in time: a leak of 300 bytes for each would be seen.</summary>
    [Fact]
    public async Task A_long_session_does_not_make_the_collector_grow()
    {
        const string Heap = "dotnet_gc_last_collection_heap_size_bytes";
        await using ObservedChurn churn = await ObservedChurn.StartAsync(
            ["allocate", "exceptions", "threads", "lock", "iterate", "compile"], "--runtime-events", "verbose", "--tier", "none");
        await EventsAsync(churn, 300_000);
        Exposition scraped = await churn.SeesAsync(Heap);
        Assert.InRange(scraped.Sum(Heap)!.Value, 1, 90_000_000);
    }

    /// <summary>A collector that stands still cannot read: the target throws events away, and says how many.</summary>
    [Fact]
    public async Task Events_that_the_buffer_cannot_hold_are_counted_as_lost_and_the_collector_goes_on()
    {
        await using ObservedChurn churn = await ObservedChurn.StartAsync(
            ["allocate", "exceptions"], "--runtime-events", "verbose", "--tier", "none", "--buffer", "1");
        await churn.SeesAsync("observatory_exceptions_total");
        await RunningProcess.RunAsync("kill", ["-STOP", $"{churn.Collector.Id}"]);
        try
        {
            // 1 MB holds less than ten thousand events; this many pages of them are written when the CPU time has grown.
            TimeSpan before = CpuTime(churn.Target);
            await Eventually.TrueAsync("work of the target", () => CpuTime(churn.Target) - before > TimeSpan.FromSeconds(5));
        }
        finally
        {
            await RunningProcess.RunAsync("kill", ["-CONT", $"{churn.Collector.Id}"]);
        }

        await churn.SeesAsync("observatory_events_lost_total", "source=runtime");
        double seen = (await churn.ScrapeAsync()).Sum("observatory_exceptions_total")!.Value;
        await Eventually.TrueAsync("later events", async () => (await churn.ScrapeAsync()).Sum("observatory_exceptions_total") > seen);
    }

    private static Task EventsAsync(ObservedChurn churn, long events) => Eventually.TrueAsync(
        $"{events} events", async () => (await churn.ScrapeAsync()).Sum("observatory_events_total", "source=runtime") > events);

    private static long EventsOf(FinishedProcess finished)
    {
        JsonNode runtime = JsonNode.Parse(finished.Output)!["sources"]![0]!;
        Assert.Equal("runtime", runtime["name"]!.GetValue<string>());
        return runtime["events"]!.GetValue<long>();
    }

    private static TimeSpan CpuTime(RunningProcess process)
    {
        using var running = System.Diagnostics.Process.GetProcessById(process.Id);
        return running.TotalProcessorTime;
    }

    private static async Task KillAsync(RunningProcess process) => await RunningProcess.RunAsync("kill", ["-KILL", $"{process.Id}"]);

    private sealed class Attached(RunningProcess collector, int port) : IAsyncDisposable
    {
        public RunningProcess Collector => collector;

        public static Attached To(RunningProcess target, string level, string[]? options = null)
        {
            int port = FreePort.Next();
            return new Attached(
                RunningProcess.Start(
                    Built.Collector, ["attach", "--pid", $"{target.Id}", "--port", $"{port}", "--runtime-events", level, .. options ?? Quiet]),
                port);
        }

        public Task<Exposition> ScrapeAsync() => Exposition.ReadAsync(new Uri($"http://127.0.0.1:{port}/metrics"));

        public Task<Exposition> SeesAsync(string name, string labels = "") =>
            Eventually.GetAsync($"{name}{{{labels}}} above zero", ScrapeAsync, scraped => scraped.Sum(name, labels) > 0);

        public ValueTask DisposeAsync() => collector.DisposeAsync();
    }
}
