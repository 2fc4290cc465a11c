using System.Net;
using Observatory.Contract;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Observatory.Workload.Telemetry;

/// <summary>The smallest web server that shows metrics: no files, no authentication, no log of its own.</summary>
internal static class MetricsServer
{
    public static WebApplication Build(IPEndPoint? endpoint)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        if (endpoint is not null) builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(endpoint));
        builder.Services.AddRoutingCore().AddMetrics().AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("observatory-workload"))
            .WithMetrics(metrics => metrics.AddMeter(Meters.Workload, Meters.Runtime).AddPrometheusExporter());
        WebApplication application = builder.Build();
        Map(application);
        return application;
    }

    private static void Map(WebApplication application)
    {
        application.MapPrometheusScrapingEndpoint("/metrics");
        application.MapGet(HealthProbe.Path, () => "ok\n");
        application.MapGet("/", () => "Observatory workload\n\n/metrics  Prometheus metrics\n/healthz  liveness\n");
    }
}
