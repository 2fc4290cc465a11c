namespace Observatory.EndToEnd.Tests;

/// <summary>
/// Everything that a dashboard may ask for, in one Prometheus: the sweep with its collector, a program that keeps its
/// runtime busy, observed in every detail, a web server under load, and a soak test.
/// </summary>
/// <param name="sweep">Runs already.</param>
public sealed class DashboardData(ObservedSweep sweep) : IAsyncLifetime
{
    private readonly string _recording = Path.GetTempFileName();
    private ObservedChurn? _churn;
    private ObservedWeb? _web;
    private RunningProcess? _load;
    private RunningProcess? _soaked;
    private RunningProcess? _soak;
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
        // Seldom, as it shares the machine with the sweep; the time is for the case that no test is left to end it. Requests begin 25 ms
        // apart: one that wants the lock, which the one before holds for 40 ms of CPU time, waits for it however fast the machine is.
        _load = _web.BeginLoad(
            "--seconds", "1200", "--at-once", "4", "--rate", "40", "/hold/40", "/wait", "/await/2", "/spin/300", "/caught/2", "/allocate/1024", "/collect",
            "/await/2", "/spin/300", "/caught/2", "/allocate/1024");
        _soaked = RunningProcess.Start(
            Built.TruthTarget, ["--drivers", "1", "--iterations", "100000000", "--compute-us", "300", "--sleep-ms", "20", "--leak", "nothing"]);
        await AttachedRun.ListedAsync(_soaked.Id);
        int soakPort = FreePort.Next();
        _soak = RunningProcess.Start(
            Built.Collector,
            ["soak", "--pid", $"{_soaked.Id}", "--interval", "500ms", "--shortest-trend", "5s", "--observer-effect", "1s", "--duration", "20m", "--json", "--traces", "none", "--port", $"{soakPort}"]);
        _prometheus = await PrometheusServer.StartAsync(new Dictionary<string, string>
        {
            ["workload"] = sweep.WorkloadMetrics.Authority,
            ["collector"] = $"{sweep.CollectorMetrics.Authority},{_churn.Metrics.Authority},{_web.Metrics.Authority},127.0.0.1:{soakPort}",
        });
        await Eventually.TrueAsync(
            "a growth that the soak test tells, and what observing does to its target",
            async () => await Web.GetAsync(new Uri($"http://127.0.0.1:{soakPort}/metrics")) is var scraped
                && scraped.Contains("observatory_soak_growth{", StringComparison.Ordinal)
                && scraped.Contains("observatory_observer_effect_ratio{", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        if (_prometheus is not null) await _prometheus.DisposeAsync();
        if (_soak is not null) await _soak.DisposeAsync();
        if (_soaked is not null) await _soaked.DisposeAsync();
        if (_load is not null) await _load.DisposeAsync();
        if (_web is not null) await _web.DisposeAsync();
        if (_churn is not null) await _churn.DisposeAsync();
        File.Delete(_recording);
    }
}
