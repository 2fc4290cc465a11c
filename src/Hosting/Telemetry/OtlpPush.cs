using System.Globalization;

namespace Observatory.Hosting;

/// <summary>
/// OTLP push beside the scrape, as the variables of the OpenTelemetry specification ask for it. Off unless an endpoint is
/// named: the exporter's own default would be somebody else's port on this machine.
/// </summary>
/// <remarks>https://opentelemetry.io/docs/specs/otel/protocol/exporter/</remarks>
public static class OtlpPush
{
    private const string Interval = "OTEL_METRIC_EXPORT_INTERVAL";

    // The one that is meant for metrics alone goes first, as in the specification.
    private static readonly string[] Endpoints = ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];
    private static readonly string[] Protocols = ["OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"];

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

    private static void Require(OpenTelemetryVariables variables, string name, Predicate<string> isMeant, string remedy)
    {
        if (variables[name] is { } value && !isMeant(value))
            throw new UsageException($"{name} is '{value}'; it has to be {remedy}.");
    }

    private static bool IsAddress(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out Uri? address) && address is { Scheme: "http" or "https" };

    private static bool IsProtocol(string value) => value is "grpc" or "http/protobuf";

    private static bool IsInterval(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds) && milliseconds > 0;
}
