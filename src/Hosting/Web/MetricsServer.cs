using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Observatory.Hosting;

/// <summary>The smallest web server that shows metrics: no files, no authentication, no log of its own.</summary>
public static class MetricsServer
{
    /// <summary>Path of the metrics, as Prometheus expects it by default.</summary>
    public const string MetricsPath = "/metrics";

    /// <summary>Clients at a time: Prometheus, a probe and some people, but no flood of them.</summary>
    private const int MostConnections = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Builds the server. It listens once it is started, and never where there is no endpoint.</summary>
    /// <param name="service">Name of the service, as in <c>target_info</c>.</param>
    /// <param name="endpoint">Where to listen; null to record metrics without serving them.</param>
    /// <param name="log">Receives one line when metrics are pushed as well and that fails.</param>
    /// <param name="meters">Names of the meters to show.</param>
    /// <exception cref="UsageException">A variable of OpenTelemetry has a value that cannot be meant.</exception>
    public static WebApplication Build(string service, IPEndPoint? endpoint, Action<string> log, params string[] meters) =>
        Build(service, endpoint, log, metrics => metrics.AddMeter(meters), health: null);

    /// <summary>Builds the server, with its own idea of health.</summary>
    /// <param name="service">Name of the service, as in <c>target_info</c>.</param>
    /// <param name="endpoint">Where to listen; null to record metrics without serving them.</param>
    /// <param name="log">Receives one line when metrics are pushed as well and that fails.</param>
    /// <param name="configure">Names the meters, and the views on them.</param>
    /// <param name="health">Adds what <see cref="HealthProbe.Path"/> asks; without it, it says that the process answers.</param>
    /// <param name="page">Maps the root, and what belongs to it; null for a list of the paths.</param>
    /// <exception cref="UsageException">A variable of OpenTelemetry has a value that cannot be meant.</exception>
    public static WebApplication Build(
        string service,
        IPEndPoint? endpoint,
        Action<string> log,
        Action<MeterProviderBuilder> configure,
        Action<IHealthChecksBuilder>? health,
        Action<IEndpointRouteBuilder>? page = null) =>
        Build(service, endpoint, log, configure, health, OpenTelemetryVariables.OfProcess(), page);

    internal static WebApplication Build(
        string service,
        IPEndPoint? endpoint,
        Action<string> log,
        Action<MeterProviderBuilder> configure,
        Action<IHealthChecksBuilder>? health,
        OpenTelemetryVariables variables,
        Action<IEndpointRouteBuilder>? page = null)
    {
        bool pushes = OtlpPush.IsAsked(variables);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Limit(kestrel, endpoint));
        builder.Services.AddRoutingCore().AddMetrics().AddSingleton<IHostLifetime, UnboundLifetime>();
        builder.Services.AddHostFiltering(filter => filter.AllowedHosts = HostsOf(endpoint));
        IHealthChecksBuilder checks = builder.Services.AddHealthChecks();
        health?.Invoke(checks);
        // The SDK reads its variables from here, and this builder knows none of the environment by itself.
        builder.Configuration.AddInMemoryCollection(OtlpPush.ForMetricsAlone(variables));
        IOpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => Identity.Describe(resource, service))
            .WithMetrics(metrics =>
            {
                configure(metrics);
                metrics.AddPrometheusExporter(exporter =>
                    exporter.ResourceConstantLabels = attribute => Identity.IsOnEverySeries(attribute, variables));
            });
        if (pushes) OtlpPush.Add(telemetry, builder.Services, log);
        WebApplication application = builder.Build();
        if (pushes) StartPushing(application.Services);
        application.UseHostFiltering();
        application.MapPrometheusScrapingEndpoint(MetricsPath).WithMetadata(new HttpMethodMetadata([HttpMethods.Get]));
        application.MapHealthChecks(HealthProbe.Path, new HealthCheckOptions { ResponseWriter = HealthProbe.WriteAsync })
            .WithMetadata(new HttpMethodMetadata([HttpMethods.Get]));
        if (page is not null) page(application);
        else application.MapGet("/", () => $"{service}\n\n{MetricsPath}  Prometheus metrics\n{HealthProbe.Path}  health\n");
        return application;
    }

    /// <summary>Starts listening.</summary>
    /// <returns>Where the metrics are.</returns>
    /// <exception cref="UsageException">The endpoint is taken, or its address is not one of this machine's.</exception>
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

    /// <summary>A slow or hostile client costs a connection for some seconds, and never a scrape by another.</summary>
    private static void Limit(KestrelServerOptions kestrel, IPEndPoint? endpoint)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Limits.RequestHeadersTimeout = Patience;
        if (endpoint is not null) kestrel.Listen(endpoint);
    }

    /// <summary>
    /// A page of the web can give its own name the address of this machine and then read what listens here, with its name
    /// in <c>Host</c>. On loopback only names of loopback are meant; a server on a network may be reached by any name.
    /// </summary>
    private static string[] HostsOf(IPEndPoint? endpoint) =>
        endpoint is null || IPAddress.IsLoopback(endpoint.Address) ? ["localhost", "127.0.0.1", "[::1]"] : ["*"];

    /// <summary>Also where nothing is served; otherwise starting the server would do it.</summary>
    private static void StartPushing(IServiceProvider services)
    {
        services.GetRequiredService<PushProblems>();
        services.GetRequiredService<MeterProvider>();
    }
}

/// <summary>
/// Leaves signals alone. The server's default would stop it at Ctrl-C, while the collector still drains its sources and
/// wants its last numbers to be scraped.
/// </summary>
internal sealed class UnboundLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
