using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;

namespace Observatory.Hosting;

/// <summary>The smallest web server that shows metrics: no files, no authentication, no log of its own.</summary>
public static class MetricsServer
{
    /// <summary>Path of the metrics, as Prometheus expects it by default.</summary>
    public const string MetricsPath = "/metrics";

    /// <summary>Builds the server. It listens once it is started, and never where there is no endpoint.</summary>
    /// <param name="service">Name of the service, as in <c>target_info</c>.</param>
    /// <param name="endpoint">Where to listen; null to record metrics that nobody can ask for.</param>
    /// <param name="log">Receives one line when metrics are pushed as well and that fails.</param>
    /// <param name="meters">Names of the meters to show.</param>
    /// <exception cref="UsageException">A variable of OpenTelemetry has a value that cannot be meant.</exception>
    public static WebApplication Build(string service, IPEndPoint? endpoint, Action<string> log, params string[] meters)
    {
        OpenTelemetryVariables variables = OpenTelemetryVariables.OfProcess();
        bool pushes = OtlpPush.IsAsked(variables);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        if (endpoint is not null) builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(endpoint));
        builder.Services.AddRoutingCore().AddMetrics().AddSingleton<IHostLifetime, UnboundLifetime>();
        // The SDK reads its variables from here, and this builder knows none of the environment by itself.
        builder.Configuration.AddInMemoryCollection(variables.All);
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => Identity.Describe(resource, service))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(meters).AddPrometheusExporter(exporter =>
                    exporter.ResourceConstantLabels = attribute => Identity.IsOnEverySeries(attribute, variables));
                if (pushes) metrics.AddOtlpExporter(exporter => OtlpPush.Prefer(exporter, variables));
            });
        if (pushes) builder.Services.AddSingleton(_ => new PushProblems(log));
        WebApplication application = builder.Build();
        if (pushes) StartPushing(application.Services);
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

    /// <summary>Whether or not anybody listens; otherwise starting the server would do it.</summary>
    private static void StartPushing(IServiceProvider services)
    {
        services.GetRequiredService<PushProblems>();
        services.GetRequiredService<MeterProvider>();
    }
}
