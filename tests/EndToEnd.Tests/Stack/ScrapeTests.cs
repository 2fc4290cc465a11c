namespace Observatory.EndToEnd.Tests;

[Collection(SharedSweep.Name)]
public sealed class ScrapeTests(ObservedSweep sweep)
{
    private const string Account = "observatory_iteration_time_seconds_total";
    private const string Duration = "observatory_iteration_duration_seconds_sum";

    private static readonly string[] States = ["blocked", "gc", "preempted", "running", "unknown", "waking"];

    [Fact]
    public async Task Prometheus_has_both_targets_up()
    {
        PrometheusServer prometheus = sweep.Prometheus;
        IReadOnlyList<Sample> up = await Eventually.GetAsync(
            "both targets", () => prometheus.QueryAsync("up == 1"), found => found.Count == 2);
        Assert.Equal(["collector", "workload"], up.Select(sample => sample["job"]).Order());
    }

    [Fact]
    public async Task The_account_by_rate_has_every_state()
    {
        PrometheusServer prometheus = sweep.Prometheus;
        IReadOnlyList<Sample> account = await Eventually.GetAsync(
            "time by state",
            () => prometheus.QueryAsync($"sum by (state) (rate({Account}[1m]))"),
            found => found.Sum(sample => sample.Value) > 0);
        Assert.Equal(States, account.Select(sample => sample["state"]).Order());
        Assert.All(account, sample => Assert.True(sample.Value >= 0, $"{sample}"));
    }

    /// <summary>
    /// Totals only ever grow, so a time that is missing once is missing for good: one scrape in which they agree says
    /// that every account so far added up. A scrape can fall between the two recordings of one iteration.
    /// </summary>
    [Fact]
    public async Task States_add_up_to_the_wall_time_of_each_configuration()
    {
        PrometheusServer prometheus = sweep.Prometheus;
        string difference = $"abs(sum without (state) ({Account}) - {Duration}) / {Duration}";
        IReadOnlyList<Sample> found = await Eventually.GetAsync(
            "the states to add up to the wall time",
            () => prometheus.QueryAsync(difference),
            found => found.Count == ObservedSweep.Configurations && found.All(sample => sample.Value < 1e-9));
        Assert.Equal(ObservedSweep.Configurations, found.Count);
    }

    [Fact]
    public async Task States_add_up_to_the_wall_time_by_rate()
    {
        PrometheusServer prometheus = sweep.Prometheus;
        const string Ratio = $"sum(rate({Account}[1m])) / sum(rate({Duration}[1m]))";
        IReadOnlyList<Sample> ratio = await Eventually.GetAsync(
            "rates that agree", () => prometheus.QueryAsync(Ratio), found => found is [{ Value: > 0.95 and < 1.05 }]);
        Assert.Single(ratio);
    }

    [Fact]
    public async Task Series_that_only_say_when_a_counter_was_created_are_dropped()
    {
        PrometheusServer prometheus = sweep.Prometheus;
        Assert.Contains("_created", await Web.GetAsync(sweep.CollectorMetrics, Web.OpenMetrics), StringComparison.Ordinal);
        await Eventually.TrueAsync(
            "scraped accounts", async () => (await prometheus.QueryAsync(Account)).Count > 0);
        Assert.Empty(await prometheus.QueryAsync("""{__name__=~".+_created"}"""));
    }
}
