namespace Observatory.EndToEnd.Tests;

public sealed class MemoryTests
{
    /// <summary>What the mode "native" holds.</summary>
    private const long Held = 300_000_000;

    /// <summary>The array that the mode "survive" keeps its million objects in: a large object, on one of the heaps.</summary>
    private const long Kept = 8_000_000;

    [Fact]
    public async Task Memory_that_the_garbage_collector_cannot_see_is_seen()
    {
        await using ObservedChurn churn = await ObservedChurn.StartAsync(["native"], "--runtime-events", "gc", "--tier", "none");
        Exposition scraped = await Eventually.GetAsync(
            "native memory", churn.ScrapeAsync, scraped => scraped.Sum("observatory_memory_native_bytes") > Held);
        Assert.True(scraped.Sum("observatory_gc_committed_bytes") < Held);
        Assert.True(scraped.Sum("observatory_target_memory_usage_bytes") > Held);
    }

    [Fact]
    public async Task Heaps_of_a_server_collector_are_added_up()
    {
        var server = new Dictionary<string, string?> { ["DOTNET_gcServer"] = "1", ["DOTNET_GCHeapCount"] = "2" };
        await using ObservedChurn churn = await ObservedChurn.StartAsync(
            Built.ChurnTarget, ["survive", "induced"], server, "--runtime-events", "gc", "--tier", "none");
        Exposition scraped = await Eventually.GetAsync(
            "large objects", churn.ScrapeAsync, scraped => scraped.Sum("observatory_gc_heap_size_bytes", "generation=loh") >= Kept);
        Assert.Equal(5, scraped.Of("observatory_gc_heap_size_bytes").Count);
    }
}
