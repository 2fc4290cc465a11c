namespace Observatory.EndToEnd.Tests;

/// <summary>
/// The real collector with the real workload as its child, sweeping two small configurations, and Prometheus scraping
/// both. Started once for all tests of the collection.
/// </summary>
public sealed class ObservedSweep : IAsyncLifetime
{
    /// <summary>Configurations that are swept.</summary>
    public const int Configurations = 2;

    private readonly int _collectorPort = FreePort.Next();
    private readonly int _workloadPort = FreePort.Next();
    private readonly string _results = Path.GetTempFileName();
    private RunningProcess? _collector;
    private PrometheusServer? _prometheus;

    /// <summary>Where the collector shows its metrics.</summary>
    public Uri CollectorMetrics => new($"http://127.0.0.1:{_collectorPort}/metrics");

    /// <summary>Where the workload shows its metrics.</summary>
    public Uri WorkloadMetrics => new($"http://127.0.0.1:{_workloadPort}/metrics");

    /// <summary>Address (host:port) by job.</summary>
    internal IReadOnlyDictionary<string, string> Targets => new Dictionary<string, string>
    {
        ["workload"] = $"127.0.0.1:{_workloadPort}",
        ["collector"] = $"127.0.0.1:{_collectorPort}",
    };

    internal RunningProcess Collector => _collector!;

    /// <summary>Skips the test where there is no Prometheus.</summary>
    internal PrometheusServer Prometheus
    {
        get
        {
            PrometheusServer.Needed();
            return _prometheus!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        // The duration is for the case that the test does not end it.
        _collector = RunningProcess.Start(Built.Collector,
        [
            "--no-live", "--duration", "20m", "--port", $"{_collectorPort}",
            "--", "--batches", "8", "--sequences", "512", "--dims", "128,256", "--port", $"{_workloadPort}",
            // With results to write, the sweep measures the machine's limits first.
            "--results", _results,
        ]);
        await Eventually.TrueAsync("an account in the collector's metrics", HasAccountAsync);
        if (!PrometheusServer.IsInstalled) return;
        _prometheus = await PrometheusServer.StartAsync(Targets);
    }

    public async ValueTask DisposeAsync()
    {
        if (_prometheus is not null) await _prometheus.DisposeAsync();
        if (_collector is not null) await _collector.DisposeAsync();
        File.Delete(_results);
    }

    private async Task<bool> HasAccountAsync()
    {
        if (Collector.HasExited)
            throw new InvalidOperationException($"The collector ended: {Collector.Error}{Collector.Output}");
        string metrics = await Web.GetAsync(CollectorMetrics);
        return metrics.Contains("observatory_iteration_time_seconds_total{", StringComparison.Ordinal);
    }
}
