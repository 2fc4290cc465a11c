namespace Observatory.EndToEnd.Tests;

/// <summary>
/// Everything that a dashboard may ask for, in one Prometheus: the sweep with its collector, a program that keeps its
/// runtime busy, observed in every detail, and a web server under load.
/// </summary>
/// <param name="sweep">Runs already.</param>
public sealed class DashboardData(ObservedSweep sweep) : IAsyncLifetime
{
    private readonly string _recording = Path.GetTempFileName();
    private ObservedChurn? _churn;
    private ObservedWeb? _web;
    private RunningProcess? _load;
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
        _web = await ObservedWeb.StartAsync("--units", "queue", "--runtime-events", "default,+exceptions,+allocations");
        // Seldom, as it shares the machine with the sweep; the time is for the case that no test is left to end it.
        _load = _web.BeginLoad(
            "--seconds", "1200", "--at-once", "4", "--rate", "40", "/hold/5", "/wait", "/await/2", "/spin/300", "/caught/2", "/allocate/1024", "/collect");
        _prometheus = await PrometheusServer.StartAsync(new Dictionary<string, string>
        {
            ["workload"] = sweep.WorkloadMetrics.Authority,
            ["collector"] = $"{sweep.CollectorMetrics.Authority},{_churn.Metrics.Authority},{_web.Metrics.Authority}",
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_prometheus is not null) await _prometheus.DisposeAsync();
        if (_load is not null) await _load.DisposeAsync();
        if (_web is not null) await _web.DisposeAsync();
        if (_churn is not null) await _churn.DisposeAsync();
        File.Delete(_recording);
    }
}
