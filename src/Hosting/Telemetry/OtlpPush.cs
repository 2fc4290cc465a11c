using System.Globalization;
using OpenTelemetry.Exporter;

namespace Observatory.Hosting;

/// <summary>
/// OTLP push beside the scrape, as the variables of the OpenTelemetry specification ask for it. Off unless an endpoint is
/// named: the exporter's own default would be somebody else's port on this machine.
/// </summary>
/// <remarks>https://opentelemetry.io/docs/specs/otel/protocol/exporter/</remarks>
public static class OtlpPush
{
    private const string Interval = "OTEL_METRIC_EXPORT_INTERVAL";
    private const string MetricsEndpoint = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
    private const string MetricsProtocol = "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL";
    private const string Grpc = "grpc";

    private static readonly string[] Endpoints = [MetricsEndpoint, "OTEL_EXPORTER_OTLP_ENDPOINT"];
    private static readonly string[] Protocols = [MetricsProtocol, "OTEL_EXPORTER_OTLP_PROTOCOL"];

    /// <summary>Whether it is asked for.</summary>
    /// <exception cref="UsageException">A value cannot be meant; the exporter itself would quietly fall back.</exception>
    public static bool IsAsked(OpenTelemetryVariables variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        if (!Endpoints.Any(name => variables[name] is not null)) return false;
        foreach (string name in Endpoints) Require(variables, name, IsAddress, "an address such as http://localhost:4318");
        foreach (string name in Protocols) Require(variables, name, IsProtocol, "grpc or http/protobuf");
        Require(variables, Interval, IsInterval, "a number of milliseconds, at least 1");
        return true;
    }

    /// <summary>
    /// The variables that are meant for metrics alone go first. The exporter does not read them itself where it is added
    /// for metrics alone, and an endpoint that is given it like this is used as it is, as they should be.
    /// </summary>
    internal static void Prefer(OtlpExporterOptions exporter, OpenTelemetryVariables variables)
    {
        if (variables[MetricsEndpoint] is { } endpoint) exporter.Endpoint = new Uri(endpoint);
        if (variables[MetricsProtocol] is { } protocol)
            exporter.Protocol = protocol == Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
    }

    private static void Require(OpenTelemetryVariables variables, string name, Predicate<string> isMeant, string remedy)
    {
        if (variables[name] is { } value && !isMeant(value))
            throw new UsageException($"{name} is '{value}'; it has to be {remedy}.");
    }

    private static bool IsAddress(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out Uri? address) && address is { Scheme: "http" or "https" };

    private static bool IsProtocol(string value) => value is Grpc or "http/protobuf";

    private static bool IsInterval(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds) && milliseconds > 0;
}
