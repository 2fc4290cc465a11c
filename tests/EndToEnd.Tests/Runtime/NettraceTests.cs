using Microsoft.Diagnostics.Tracing;

namespace Observatory.EndToEnd.Tests;

public sealed class NettraceTests
{
    [Fact]
    public async Task A_recording_reads_back_what_the_metrics_have_counted()
    {
        using var file = new TemporaryFile();
        await using ObservedChurn churn = await ObservedChurn.StartAsync(["induced"], "--runtime-events", "gc", "--tier", "none", "--nettrace", file.Path);
        Exposition scraped = await churn.SeesAsync("observatory_gc_collections_total");
        Assert.Equal(1, scraped.Sum("observatory_recording_complete"));
        await churn.Target.StopAsync();
        FinishedProcess finished = await churn.Collector.WaitAsync(Limits.Condition);
        Assert.Equal(0, finished.ExitCode);
        Assert.True(Collections(file.Path) >= scraped.Sum("observatory_gc_collections_total"));
    }

    [Fact]
    public async Task A_full_disk_ends_the_recording_and_nothing_else()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Needs /dev/full.");
        await using ObservedChurn churn = await ObservedChurn.StartAsync(["induced"], "--runtime-events", "gc", "--tier", "none", "--nettrace", "/dev/full");
        await Eventually.TrueAsync("the end of the recording", async () => (await churn.ScrapeAsync()).Sum("observatory_recording_complete") == 0);
        double before = (await churn.SeesAsync("observatory_gc_collections_total")).Sum("observatory_gc_collections_total")!.Value;
        await Eventually.TrueAsync(
            "more collections", async () => (await churn.ScrapeAsync()).Sum("observatory_gc_collections_total") > before);
        Assert.Contains("the observation goes on", churn.Collector.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_recorded_of_a_target_that_was_killed_can_be_read()
    {
        using var file = new TemporaryFile();
        await using ObservedChurn churn = await ObservedChurn.StartAsync(["induced"], "--runtime-events", "gc", "--tier", "none", "--nettrace", file.Path);
        double seen = (await churn.SeesAsync("observatory_gc_collections_total")).Sum("observatory_gc_collections_total")!.Value;
        await RunningProcess.RunAsync("kill", ["-KILL", $"{churn.Target.Id}"]);
        await churn.Collector.WaitAsync(Limits.Condition);
        Assert.True(Collections(file.Path) >= seen);
    }

    private static long Collections(string path)
    {
        long collections = 0;
        using var source = new EventPipeEventSource(path);
        source.Clr.GCStart += _ => collections++;
        try
        {
            source.Process();
        }
        catch (FormatException)
        {
            // Breaks off where the target was killed; what came before was read.
        }

        return collections;
    }
}
