using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace Observatory.Hosting;

/// <summary>
/// OTLP push beside the scrape, as the variables of the OpenTelemetry specification ask for it. Off unless an endpoint is
/// named: the exporter's own default is a port on this machine that may belong to another program.
/// </summary>
/// <remarks>https://opentelemetry.io/docs/specs/otel/protocol/exporter/</remarks>
public static class OtlpPush
{
    private const string Interval = "OTEL_METRIC_EXPORT_INTERVAL";
    private const string Prefix = "OTEL_EXPORTER_OTLP_";
    private const string MetricsPrefix = Prefix + "METRICS_";
    private const string Grpc = "grpc";

    private static readonly string[] Endpoints = [MetricsPrefix + "ENDPOINT", Prefix + "ENDPOINT"];
    private static readonly string[] Protocols = [MetricsPrefix + "PROTOCOL", Prefix + "PROTOCOL"];
    private static readonly string[] Timeouts = [MetricsPrefix + "TIMEOUT", Prefix + "TIMEOUT"];
    private static readonly string[] HeaderLists = [MetricsPrefix + "HEADERS", Prefix + "HEADERS"];
    private static readonly string[] Certificates = ["CERTIFICATE", "CLIENT_CERTIFICATE", "CLIENT_KEY"];

    /// <summary>Whether it is asked for.</summary>
    /// <exception cref="UsageException">A value cannot be meant; the exporter itself would quietly fall back.</exception>
    public static bool IsAsked(OpenTelemetryVariables variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        if (!Endpoints.Any(name => variables[name] is not null)) return false;
        foreach (string name in Endpoints) Require(variables, name, IsAddress, "an address such as http://localhost:4318");
        foreach (string name in Protocols) Require(variables, name, IsProtocol, "grpc or http/protobuf");
        foreach (string name in Timeouts.Append(Interval)) Require(variables, name, IsInterval, "a number of milliseconds, at least 1");
        foreach (string name in HeaderLists) Require(variables, name, IsHeaders, "name=value pairs with commas between them");
        foreach (string name in Certificates.SelectMany(name => new[] { MetricsPrefix + name, Prefix + name }))
            Require(variables, name, File.Exists, "a file in PEM format that can be read");
        return true;
    }

    /// <summary>
    /// Every variable, and those for the certificates of metrics alone under the names that the exporter knows: it has no
    /// others, and this process pushes nothing but metrics.
    /// </summary>
    internal static Dictionary<string, string?> ForMetricsAlone(OpenTelemetryVariables variables)
    {
        var all = variables.All.ToDictionary();
        foreach (string name in Certificates)
        {
            if (variables[MetricsPrefix + name] is { } value) all[Prefix + name] = value;
        }

        return all;
    }

    /// <summary>Pushes with OpenTelemetry's own exporter, which reads the rest of the variables.</summary>
    internal static void Add(IOpenTelemetryBuilder telemetry, IServiceCollection services, Action<string> log)
    {
        telemetry.UseOtlpExporter();
        // It exports logs too, and this server has none that are meant for others.
        services.Configure<LoggerFilterOptions>(logging => logging.MinLevel = LogLevel.None);
        services.AddSingleton(_ => new PushProblems(log));
    }

    private static void Require(OpenTelemetryVariables variables, string name, Predicate<string> isMeant, string remedy)
    {
        if (variables[name] is { } value && !isMeant(value))
            throw new UsageException($"{name} is '{value}'; it has to be {remedy}.");
    }

    private static bool IsAddress(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out Uri? address) && address is { Scheme: "http" or "https" };

    private static bool IsProtocol(string value) => value is Grpc or "http/protobuf";

    private static bool IsHeaders(string value) => value.Split(',').All(pair => pair.IndexOf('=') > 0);

    private static bool IsInterval(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds) && milliseconds > 0;
}
