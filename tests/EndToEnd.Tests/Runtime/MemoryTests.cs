namespace Observatory.EndToEnd.Tests.Runtime;

public sealed class MemoryTests
{
    /// <summary>What the mode "native" holds.</summary>
    private const long Held = 300_000_000;

    [Fact]
    public async Task Memory_that_the_garbage_collector_cannot_see_is_seen()
    {
        await using ObservedChurn churn = await ObservedChurn.StartAsync(["native"], "--runtime-events", "gc", "--tier", "none");
        Exposition scraped = await Infrastructure.Eventually.GetAsync(
            "native memory", churn.ScrapeAsync, scraped => scraped.Sum("observatory_memory_native_bytes") > Held);
        Assert.True(scraped.Sum("observatory_gc_committed_bytes") < Held);
        Assert.True(scraped.Sum("process_memory_usage_bytes") > Held);
    }
}
