using System.Text.Json;

namespace Observatory.EndToEnd.Tests;

/// <summary>From a point in Grafana to the trace behind it: each step is what the provisioned data source and dashboards do.</summary>
[Collection(SharedSweep.Name)]
public sealed class ExemplarTests(ObservedSweep sweep)
{
    private const string Histogram = "observatory_iteration_duration_seconds_bucket";

    [Fact]
    public async Task An_exemplar_in_Prometheus_leads_to_the_trace_of_its_iteration()
    {
        PrometheusServer prometheus = sweep.Prometheus;
        JsonElement exemplar = await Eventually.GetAsync("an exemplar", () => NewestAsync(prometheus), found => found.ValueKind == JsonValueKind.Object);
        string id = exemplar.GetProperty("labels").GetProperty("trace_id").GetString()!;

        JsonElement trace = await Eventually.GetAsync("its trace", () => TraceAsync(id), found => found.ValueKind == JsonValueKind.Object);
        double wall = trace.GetProperty("unit").GetProperty("wall").GetDouble();
        Assert.Equal(wall, double.Parse(exemplar.GetProperty("value").GetString()!, System.Globalization.CultureInfo.InvariantCulture), tolerance: wall * 1e-6);

        string page = await Web.GetAsync(new Uri(sweep.CollectorMetrics, LinkTo(id)));
        Assert.Contains($"<h2>Trace {id}</h2>", page, StringComparison.Ordinal);
        Assert.Contains($"""<section class="card" id="{id}">""", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prometheus_knows_the_newest_traces_by_id_time_and_length()
    {
        PrometheusServer prometheus = sweep.Prometheus;
        IReadOnlyList<Sample> captured = await Eventually.GetAsync(
            "series of traces", () => prometheus.QueryAsync("observatory_trace_captured_timestamp_seconds"), found => found.Count > 0);
        IReadOnlyList<Sample> lengths = await prometheus.QueryAsync("observatory_trace_unit_duration_seconds");
        Sample newest = captured.MaxBy(trace => trace.Value)!;
        JsonElement trace = await TraceAsync(newest["trace_id"]);
        Assert.Equal(trace.GetProperty("captured_at").GetDateTimeOffset().ToUnixTimeMilliseconds() / 1e3, newest.Value, tolerance: 1e-3);
        Assert.Equal(trace.GetProperty("trigger").GetString(), newest["trigger"]);
        Assert.Equal(trace.GetProperty("unit").GetProperty("name").GetString(), newest["unit"]);
        Assert.Contains(lengths, length => length["trace_id"] == newest["trace_id"] && length.Value > 0);
    }

    [Fact]
    public async Task Traces_of_tests_are_not_kept_in_the_home_of_who_runs_them()
    {
        await Eventually.TrueAsync("a trace", async () => (await Web.GetAsync(new Uri(sweep.CollectorMetrics, "/traces"))).Length > 2);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(OwnState.Folder, "observatory", "traces"), "*.pftrace"));
    }

    /// <summary>Where the data source of the stack sends a person, as a path of the collector.</summary>
    private static string LinkTo(string id)
    {
        YamlDotNet.RepresentationModel.YamlNode destination = Yaml.Read("grafana/provisioning/datasources/prometheus.yaml")["datasources"][0]["jsonData"]["exemplarTraceIdDestinations"][0];
        Assert.Equal("trace_id", destination.Text("name"));
        // Grafana reads $$ as $ where it provisions.
        return new Uri(destination.Text("url").Replace("$${__value.raw}", id, StringComparison.Ordinal)).PathAndQuery;
    }

    private static async Task<JsonElement> NewestAsync(PrometheusServer prometheus)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        JsonElement series = await prometheus.GetAsync(
            $"api/v1/query_exemplars?query={Histogram}&start={now.AddHours(-1).ToUnixTimeSeconds()}&end={now.AddHours(1).ToUnixTimeSeconds()}");
        return series.EnumerateArray().SelectMany(one => one.GetProperty("exemplars").EnumerateArray())
            .OrderByDescending(exemplar => exemplar.GetProperty("timestamp").GetDouble()).FirstOrDefault();
    }

    private async Task<JsonElement> TraceAsync(string id)
    {
        using JsonDocument trace = JsonDocument.Parse(await Web.GetAsync(new Uri(sweep.CollectorMetrics, $"/traces/{id}.json")));
        return trace.RootElement.Clone();
    }
}
