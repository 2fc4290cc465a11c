namespace Observatory.EndToEnd.Tests;

/// <summary>What the runtime tells of beside requests, and for which of them it happened.</summary>
public sealed class RequestEventTests
{
    [Fact]
    public async Task Exceptions_allocations_and_collections_are_told_by_the_name_of_the_request()
    {
        await using ObservedWeb web = await ObservedWeb.StartAsync("--runtime-events", "default,+exceptions,+allocations");
        await web.LoadAsync("--requests", "120", "--at-once", "4", "/caught/3", "/allocate/4096", "/collect", "/spin/100");

        Exposition metrics = await web.SeesAsync("observatory_unit_collections_total", "unit=GET /collect,generation=gen2");
        metrics = await Eventually.GetAsync("all of it", web.ScrapeAsync, scraped => Of(scraped, "exceptions_total", "GET /caught/{}") >= 90
            && Of(scraped, "allocated_bytes_total", "GET /allocate/{}") > 60e6
            && scraped.Sum("observatory_unit_collections_total", "unit=GET /collect,generation=gen2") >= 30);
        // Each of 30 requests throws three, provokes one collection, allocates four megabytes.
        Assert.Equal(90, Of(metrics, "exceptions_total", "GET /caught/{}"));
        Assert.Equal(30, metrics.Sum("observatory_unit_collections_total", "unit=GET /collect,generation=gen2"));
        Assert.InRange(Of(metrics, "allocated_bytes_total", "GET /allocate/{}")!.Value, 60e6, 250e6);
        Assert.InRange(Of(metrics, "allocated_bytes_total", "GET /spin/{}") ?? 0, 0, 10e6);
        Assert.Equal(0, Of(metrics, "exceptions_total", "GET /spin/{}") ?? 0);
    }

    private static double? Of(Exposition metrics, string what, string unit) => metrics.Sum($"observatory_unit_{what}", $"unit={unit}");
}
