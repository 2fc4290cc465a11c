namespace Observatory.EndToEnd.Tests;

/// <summary>What the runtime tells of beside requests, and for which of them it happened.</summary>
public sealed class RequestEventTests
{
    [Fact]
    public async Task Exceptions_allocations_and_collections_are_told_by_the_name_of_the_request()
    {
        await using ObservedWeb web = await ObservedWeb.StartAsync("--runtime-events", "default,+exceptions,+allocations");
        await web.LoadAsync("--requests", "90", "--at-once", "4", "/caught/3", "/allocate/4096", "/spin/100");
        // One after the other: the runtime does a collection once for two threads that ask for it at the same time.
        await web.LoadAsync("--requests", "30", "--at-once", "1", "/collect");

        Told told = await Eventually.GetAsync(
            "all of it", async () => Told.By(await web.ScrapeAsync()), told => told is { Exceptions: >= 90, Collections: >= 30, Allocated: > 60e6 });
        // Each of 30 requests throws three, provokes one collection, allocates four megabytes.
        Assert.Equal(90, told.Exceptions);
        Assert.Equal(30, told.Collections);
        Assert.InRange(told.Allocated!.Value, 60e6, 250e6);
        Assert.InRange(told.AllocatedBySpin ?? 0, 0, 10e6);
        Assert.Equal(0, told.ExceptionsOfSpin ?? 0);
    }

    /// <summary>What the metrics tell; null where there is no such series.</summary>
    private sealed record Told(
        double? Exceptions, double? Collections, double? Allocated, double? AllocatedBySpin, double? ExceptionsOfSpin, string Others)
    {
        public static Told By(Exposition metrics)
        {
            return new Told(
                Of("exceptions_total", "GET /caught/{}"),
                Of("collections_total", "GET /collect,generation=gen2"),
                Of("allocated_bytes_total", "GET /allocate/{}"),
                Of("allocated_bytes_total", "GET /spin/{}"),
                Of("exceptions_total", "GET /spin/{}"),
                string.Join("; ", Others("exceptions_total").Concat(Others("collections_total"))));

            double? Of(string what, string unit) => metrics.Sum($"observatory_unit_{what}", $"unit={unit}");

            IEnumerable<string> Others(string what) =>
                metrics.Of($"observatory_unit_{what}").Select(sample => $"{what} {sample["unit"]} {sample["generation"]} {sample.Value}");
        }
    }
}
