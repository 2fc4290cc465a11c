using Observatory.EndToEnd.Tests.Infrastructure;

namespace Observatory.EndToEnd.Tests.Stack;

[Collection(SharedSweep.Name)]
public sealed class ScrapeTests(ObservedSweep sweep)
{
    [Fact]
    public async Task Prometheus_has_both_targets_up()
    {
        PrometheusServer prometheus = sweep.Prometheus;
        IReadOnlyList<Sample> up = await Eventually.GetAsync(
            "both targets", () => prometheus.QueryAsync("up == 1"), found => found.Count == 2);
        Assert.Equal(["collector", "workload"], up.Select(sample => sample["job"]).Order());
    }
}
