using Observatory.Kernel;
using System.Diagnostics.Metrics;
using System.Net;
using Observatory.Contract;
using Observatory.Hosting;

namespace Observatory.Workload;

/// <summary>Owns the instruments and, when an endpoint is given, the server that shows them.</summary>
internal sealed class TelemetryHost : IAsyncDisposable
{
    private readonly WebApplication _application;

    private TelemetryHost(WebApplication application, SweepPlan plan)
    {
        _application = application;
        var factory = application.Services.GetRequiredService<IMeterFactory>();
        Instruments = new WorkloadInstruments(factory, plan, CpuCaches.Read(new CgroupFiles("/")));
    }

    public WorkloadInstruments Instruments { get; }

    /// <summary>Without an endpoint nothing listens, and recording a measurement costs a comparison.</summary>
    /// <exception cref="UsageException">The endpoint is taken, or its address is not one of this machine's.</exception>
    public static async Task<TelemetryHost> StartAsync(IPEndPoint? endpoint, SweepPlan plan, ILogger logger)
    {
        WebApplication application = MetricsServer.Build(
            "observatory-workload", endpoint, line => WorkloadLog.PushFailed(logger, line), Meters.Workload, Meters.Runtime);
        var host = new TelemetryHost(application, plan);
        if (endpoint is not null)
            WorkloadLog.MetricsServed(logger, await MetricsServer.StartAsync(application, endpoint));
        return host;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
