using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Observatory.Contract;
using Observatory.Hosting;

namespace Observatory.Collector.Tests;

/// <summary>The series of traces, as a scrape sees them. A meter is found by its name, also one of a test that runs at the same time.</summary>
[Collection(MetricsDocumentTests.EveryMeter)]
public sealed class TraceMetricsTests
{
    private const string Captured = "observatory_trace_captured_timestamp_seconds{";

    [Fact]
    public async Task The_newest_traces_have_a_series_each_and_one_that_is_gone_has_none()
    {
        IReadOnlyList<TraceDocument> kept = [Document(3), Document(2), Document(1)];
        var endpoint = new IPEndPoint(IPAddress.Loopback, 0);
        await using WebApplication server = MetricsServer.Build("observatory-collector", endpoint, _ => { }, MetricViews.Configure, health: null, _ => { });
        Uri metrics = await MetricsServer.StartAsync(server, endpoint);
        TraceMetrics.Observe(server.Services.GetRequiredService<IMeterFactory>().Create(Meters.Collector), () => kept);
        using var client = new HttpClient();

        await ToldAsync([1, 2, 3]);
        // As many as are ever captured in a day: what is scraped stays as small as it was.
        for (int newest = 4; newest < 300; newest += 100)
        {
            kept = [.. Enumerable.Range(0, 50).Select(age => newest - age).Where(number => number > 0).Select(Document)];
            await ToldAsync([.. Enumerable.Range(Math.Max(1, newest - TraceMetrics.MostTold + 1), Math.Min(newest, TraceMetrics.MostTold))]);
        }

        kept = [];
        await ToldAsync([]);

        // The exporter answers scrapes that follow at once with what it has.
        async Task ToldAsync(int[] expected)
        {
            int[] told = [];
            for (int attempt = 0; attempt < 200; attempt++)
            {
                string scraped = await client.GetStringAsync(metrics, TestContext.Current.CancellationToken);
                told = [.. scraped.Split('\n').Where(line => line.StartsWith(Captured, StringComparison.Ordinal))
                    .Select(line => Convert.ToInt32(line.Split("trace_id=\"")[1][..32], 16)).Order()];
                if (told.SequenceEqual(expected)) return;
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }

            Assert.Equal(expected, told);
        }
    }

    private static TraceDocument Document(int number) =>
        TraceStoreTests.Document(TraceStoreTests.Id(number), bytes: 1, DateTimeOffset.UnixEpoch.AddSeconds(number));
}
