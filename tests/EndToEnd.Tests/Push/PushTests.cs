using Observatory.Tests.Shared;

namespace Observatory.EndToEnd.Tests;

/// <summary>The variables of OpenTelemetry switch on push beside the scrape, in both programs.</summary>
public sealed class PushTests
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] Small = ["--batches", "8", "--sequences", "64", "--dims", "64"];

    public static TheoryData<string, string> Mistakes => new()
    {
        { Endpoint, "nowhere" },
        { "OTEL_EXPORTER_OTLP_PROTOCOL", "http/json" },
        { "OTEL_METRIC_EXPORT_INTERVAL", "10s" },
    };

    [Fact]
    public async Task What_a_sweep_has_measured_is_pushed_when_it_ends_at_the_latest()
    {
        await using var receiver = new OtlpReceiver();
        Dictionary<string, string?> environment = Asking(receiver);
        // Far beyond the end of the sweep: what arrives was sent by the end itself.
        environment["OTEL_METRIC_EXPORT_INTERVAL"] = "3600000";
        environment["OTEL_RESOURCE_ATTRIBUTES"] = "host.name=node-7,service.instance.id=w-1";
        FinishedProcess sweep = await RunningProcess.RunAsync(
            Built.Workload, ["sweep", "--once", "--no-limits", "--iterations", "5", "--no-metrics", .. Small], environment);

        Assert.True(sweep.ExitCode == 0, sweep.Error);
        Assert.Null(receiver.Complaint);
        OtlpExport export = Assert.Single(receiver.Exports);
        Assert.Equal("observatory-workload", export.Resource["service.name"]);
        Assert.Equal("node-7", export.Resource["host.name"]);
        Assert.Equal("w-1", export.Resource["service.instance.id"]);
        Assert.Equal(5, export.Metrics["workload.iterations"].Sum());
        Assert.Contains("workload.iteration.duration", export.Metrics.Select(metric => metric.Key));
        Assert.Contains("dotnet.gc.collections", export.Metrics.Select(metric => metric.Key));
    }

    [Fact]
    public async Task Collector_and_workload_push_and_are_scraped_at_the_same_time()
    {
        await using var receiver = new OtlpReceiver();
        Dictionary<string, string?> environment = Asking(receiver);
        environment["OTEL_METRIC_EXPORT_INTERVAL"] = "500";
        environment["OTEL_SERVICE_NAME"] = "the-collector";
        int port = FreePort.Next();
        await using RunningProcess collector = RunningProcess.Start(
            Built.Collector,
            ["--no-live", "--duration", "20m", "--port", $"{port}", "--", "--port", $"{FreePort.Next()}", .. Small],
            environment);

        await Eventually.TrueAsync("pushed accounts", () => Has(receiver, "the-collector", "observatory.iteration.time"));
        // The name is the collector's own; its child has another.
        await Eventually.TrueAsync("pushed iterations", () => Has(receiver, "observatory-workload", "workload.iterations"));
        Assert.Contains(
            "observatory_iteration_time_seconds_total{",
            await Web.GetAsync(new Uri($"http://127.0.0.1:{port}/metrics")),
            StringComparison.Ordinal);
        Assert.Null(receiver.Complaint);
    }

    [Fact]
    public async Task Variables_for_metrics_alone_go_first_and_their_address_is_used_as_it_is()
    {
        await using var receiver = new OtlpReceiver();
        var environment = new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = $"{receiver.Address}v1/metrics",
            ["OTEL_EXPORTER_OTLP_METRICS_PROTOCOL"] = "http/protobuf",
            [Endpoint] = $"http://127.0.0.1:{FreePort.Next()}",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
        };
        FinishedProcess sweep = await RunningProcess.RunAsync(
            Built.Workload, ["sweep", "--once", "--no-limits", "--no-metrics", .. Small], environment);
        Assert.DoesNotContain("OTLP push", sweep.Error, StringComparison.Ordinal);
        Assert.Null(receiver.Complaint);
        Assert.NotEmpty(receiver.Exports);
    }

    [Fact]
    public async Task Prometheus_takes_what_is_pushed_and_calls_it_as_in_a_scrape()
    {
        await using PrometheusServer prometheus = await PrometheusServer.StartOtlpReceiverAsync();
        var environment = new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = prometheus.OtlpMetrics.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_SERVICE_NAME"] = "workload",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "service.instance.id=w-1,host.name=node-7",
        };
        FinishedProcess sweep = await RunningProcess.RunAsync(
            Built.Workload, ["sweep", "--once", "--no-limits", "--iterations", "5", "--no-metrics", .. Small], environment);
        Assert.True(sweep.ExitCode == 0, sweep.Error);

        IReadOnlyList<Sample> series = await Eventually.GetAsync(
            "what was pushed", () => prometheus.QueryAsync("""{job="workload",instance="w-1"}"""), found => found.Count > 0);
        Assert.Equal(5, series.Single(one => one["__name__"] == "workload_iterations_total").Value);
        Assert.Equal("node-7", series.Single(one => one["__name__"] == "target_info")["host_name"]);
        IEnumerable<string> ours = series.Select(one => one["__name__"]).Where(name => name.StartsWith("workload_", StringComparison.Ordinal));
        Assert.Empty(ours.Distinct().Except(MetricsDocument.Rows().SelectMany(row => row.Series)));
    }

    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public async Task A_receiver_that_is_not_there_is_told_once_and_the_sweep_goes_on(string protocol)
    {
        var environment = new Dictionary<string, string?>
        {
            [Endpoint] = $"http://127.0.0.1:{FreePort.Next()}",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "100",
        };
        FinishedProcess sweep = await RunningProcess.RunAsync(
            Built.Workload, ["sweep", "--once", "--no-limits", "--no-metrics", .. Small], environment);

        Assert.True(sweep.ExitCode == 0, sweep.Error);
        Assert.Single(sweep.Error.Split('\n'), line => line.Contains("OTLP push: ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_variable_that_cannot_be_meant_is_refused_with_one_line(string name, string value)
    {
        var environment = new Dictionary<string, string?> { [Endpoint] = "http://127.0.0.1:4318", [name] = value };
        foreach ((string program, string[] arguments) in new[] { (Built.Collector, Array.Empty<string>()), (Built.Workload, ["sweep"]) })
        {
            FinishedProcess refused = await RunningProcess.RunAsync(program, arguments, environment);
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains($"{name} is '{value}'", Assert.Single(refused.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        }
    }

    private static Dictionary<string, string?> Asking(OtlpReceiver receiver) => new()
    {
        [Endpoint] = receiver.Address,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
    };

    private static bool Has(OtlpReceiver receiver, string service, string metric) => receiver.Exports.Any(export =>
        export.Resource["service.name"] == service && export.Metrics.Contains(metric));
}
