using Observatory.EndToEnd.Tests.Infrastructure;
using Observatory.Tests.Shared;

namespace Observatory.EndToEnd.Tests.Runtime;

/// <summary>What a real scrape shows stands in docs/metrics.md, names and labels.</summary>
public sealed class DocumentedTests(VerboseChurn fixture) : IClassFixture<VerboseChurn>
{
    /// <summary>Labels that the exporter adds.</summary>
    private static readonly string[] Exporters = ["otel_scope_name", "le"];

    [Fact]
    public async Task Every_series_of_the_collector_is_documented()
    {
        await fixture.Churn.SeesAsync("observatory_thread_pool_queue_delay_seconds_count");
        Exposition scraped = await fixture.Churn.SeesAsync("observatory_gc_background_phase_duration_seconds_count");
        foreach (string name in scraped.Names.Where(name => !name.StartsWith("dotnet_", StringComparison.Ordinal) && name != "target_info"))
        {
            MetricRow? row = MetricsDocument.Rows().FirstOrDefault(row => row.Series.Contains(name));
            Assert.True(row is not null, $"{name} is not in docs/metrics.md");
            foreach (Sample sample in scraped.Of(name)) Assert.Empty(sample.Labels.Keys.Except(row.Labels).Except(Exporters));
        }
    }
}
