using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Observatory.Contract;
using Observatory.Hosting;

namespace Observatory.Collector.Tests;

/// <summary>The series of causes, as a scrape sees them. A meter is found by its name, also one of a test that runs at the same time.</summary>
[Collection(MetricsDocumentTests.EveryMeter)]
public sealed class CauseMetricsTests
{
    [Fact]
    public async Task Every_cause_of_as_many_configurations_as_are_shown_has_a_series()
    {
        const int configurations = ConfigurationRegistry.MostShown + 1;
        var endpoint = new IPEndPoint(IPAddress.Loopback, 0);
        await using WebApplication server = MetricsServer.Build("observatory-collector", endpoint, _ => { }, MetricViews.Configure, health: null, _ => { });
        Uri metrics = await MetricsServer.StartAsync(server, endpoint);
        server.Services.GetRequiredService<IMeterFactory>().Create(Meters.Collector).CreateObservableCounter(
            CauseMetrics.OfIterations,
            () => Enumerable.Range(0, configurations).SelectMany(batch => Cause.Kinds.Select(kind => new Measurement<double>(
                1, [.. Labels.From(Samples.Configuration(0) with { BatchSize = batch }), new("cause", Cause.NameOf(kind))]))),
            "s");
        using var client = new HttpClient();
        string scraped = await client.GetStringAsync(metrics, TestContext.Current.CancellationToken);
        Assert.Equal(configurations * Cause.Kinds.Length, scraped.Split('\n').Count(line => line.StartsWith("observatory_iteration_cause_time_seconds_total{", StringComparison.Ordinal)));
        Assert.DoesNotContain("otel_metric_overflow", scraped, StringComparison.Ordinal);
    }
}
