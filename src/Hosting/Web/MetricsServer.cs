using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Observatory.Hosting;

/// <summary>The smallest web server that shows metrics: no files, no authentication, no log of its own.</summary>
public static class MetricsServer
{
    /// <summary>Path of the metrics, as Prometheus expects it by default.</summary>
    public const string MetricsPath = "/metrics";

    /// <summary>Builds the server. It listens once it is started, and never where there is no endpoint.</summary>
    /// <param name="service">Name of the service, as in <c>target_info</c>.</param>
    /// <param name="endpoint">Where to listen; null to record metrics that nobody can ask for.</param>
    /// <param name="meters">Names of the meters to show.</param>
    public static WebApplication Build(string service, IPEndPoint? endpoint, params string[] meters)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        if (endpoint is not null) builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(endpoint));
        builder.Services.AddRoutingCore().AddMetrics().AddSingleton<IHostLifetime, UnboundLifetime>();
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(service))
            .WithMetrics(metrics => metrics.AddMeter(meters).AddPrometheusExporter());
        WebApplication application = builder.Build();
        application.MapPrometheusScrapingEndpoint(MetricsPath);
        application.MapGet(HealthProbe.Path, () => "ok\n");
        application.MapGet("/", () => $"{service}\n\n{MetricsPath}  Prometheus metrics\n{HealthProbe.Path}  liveness\n");
        return application;
    }

    /// <summary>Starts listening.</summary>
    /// <returns>Where the metrics are.</returns>
    /// <exception cref="UsageException">The endpoint is taken, or is none of this machine's.</exception>
    public static async Task<Uri> StartAsync(WebApplication application, IPEndPoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(application);
        try
        {
            await application.StartAsync().ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is IOException or SocketException)
        {
            throw new UsageException(
                $"Cannot serve metrics on {endpoint}: {problem.GetBaseException().Message}; choose another --port or --listen.");
        }

        return new Uri(new Uri(application.Urls.First()), MetricsPath);
    }
}
