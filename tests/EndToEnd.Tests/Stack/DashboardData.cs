namespace Observatory.EndToEnd.Tests;

/// <summary>
/// Everything that a dashboard may ask for, in one Prometheus: the sweep with its collector, and a program that keeps
/// its runtime busy, observed in every detail.
/// </summary>
/// <param name="sweep">Runs already.</param>
public sealed class DashboardData(ObservedSweep sweep) : IAsyncLifetime
{
    private readonly string _recording = Path.GetTempFileName();
    private ObservedChurn? _churn;
    private PrometheusServer? _prometheus;

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
        if (!PrometheusServer.IsInstalled) return;
        _churn = await ObservedChurn.StartAsync(
            ["large", "survive", "pinned", "induced", "background", "iterate", "lock", "wait", "exceptions", "threads", "queue", "starve", "load", "compile"],
            "--runtime-events", "verbose", "--tier", "none", "--nettrace", _recording);
        _prometheus = await PrometheusServer.StartAsync(new Dictionary<string, string>
        {
            ["workload"] = sweep.WorkloadMetrics.Authority,
            ["collector"] = $"{sweep.CollectorMetrics.Authority},{_churn.Metrics.Authority}",
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_prometheus is not null) await _prometheus.DisposeAsync();
        if (_churn is not null) await _churn.DisposeAsync();
        File.Delete(_recording);
    }
}
