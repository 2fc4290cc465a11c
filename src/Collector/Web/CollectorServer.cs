using System.Net;
using Microsoft.AspNetCore.Connections;
using Observatory.Contract;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Observatory.Collector.Web;

/// <summary>Serves the collector's metrics over HTTP.</summary>
internal static class CollectorServer
{
    /// <summary>Path of the metrics, as Prometheus expects it by default.</summary>
    public const string MetricsPath = "/metrics";

    /// <summary>Builds the server; it listens once it is started.</summary>
    public static WebApplication Build(IPEndPoint endpoint)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(endpoint));
        builder.Services.AddSingleton<IHostLifetime, UnboundLifetime>();
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("observatory-collector"))
            .WithMetrics(metrics => metrics.AddMeter(Meters.Collector, Meters.Runtime).AddPrometheusExporter());
        WebApplication application = builder.Build();
        application.MapPrometheusScrapingEndpoint(MetricsPath);
        application.MapGet(HealthProbe.Path, () => "ok\n");
        application.MapGet("/", () => $"Observatory collector\n\nmetrics: {MetricsPath}\nhealth:  {HealthProbe.Path}\n");
        return application;
    }

    /// <summary>Starts listening.</summary>
    /// <exception cref="UsageException">The address is taken or not allowed.</exception>
    public static async Task StartAsync(WebApplication application, IPEndPoint endpoint)
    {
        try
        {
            await application.StartAsync().ConfigureAwait(false);
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            throw new UsageException(
                $"Address {endpoint} is in use. Give another with --port, or end the process that listens there.");
        }
        catch (Exception refused) when (refused is IOException or System.Net.Sockets.SocketException)
        {
            throw new UsageException($"Cannot listen on {endpoint}: {refused.Message} Give another with --listen and --port.");
        }
    }
}
