namespace Observatory.EndToEnd.Tests;

[Collection(SharedSweep.Name)]
public sealed class DocumentedSeriesTests(ObservedSweep sweep)
{
    [Fact]
    public Task Every_series_of_the_collector_is_documented() => IsDocumentedAsync(sweep.CollectorMetrics, "observatory_pool_time_seconds_total");

    [Fact]
    public Task Every_series_of_the_workload_is_documented() => IsDocumentedAsync(sweep.WorkloadMetrics, "workload_peak_memory_bytes");

    /// <param name="address">Where the series are.</param>
    /// <param name="late">One that is among the last to appear.</param>
    private static async Task IsDocumentedAsync(Uri address, string late) => Documented.Check(
        await Eventually.GetAsync($"{late} at {address}", () => Exposition.ReadAsync(address), scraped => scraped.Of(late).Count > 0));
}
