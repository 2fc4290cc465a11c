using OpenTelemetry.Resources;

namespace Observatory.Hosting;

/// <summary>
/// Which process the metrics are of: <c>service.name</c>, <c>service.instance.id</c>, <c>service.version</c> and
/// <c>host.name</c>. Prometheus shows them on <c>target_info</c>.
/// </summary>
internal static class Identity
{
    private const string HostName = "host.name";
    private const string Attributes = "OTEL_RESOURCE_ATTRIBUTES";

    /// <summary>What we know ourselves; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES have the last word.</summary>
    public static void Describe(ResourceBuilder resource, string service) => resource
        .AddService(service, serviceVersion: typeof(Identity).Assembly.GetName().Version?.ToString(3))
        .AddAttributes([new(HostName, Environment.MachineName)])
        .AddEnvironmentVariableDetector();

    /// <summary>
    /// Whether every series has the attribute as a label: <c>host.name</c>, where it was set. In a container
    /// the name that the system gives is the container's, another one for each program and each start.
    /// </summary>
    public static bool IsOnEverySeries(string attribute, OpenTelemetryVariables variables) =>
        attribute == HostName
        && (variables[Attributes] ?? "").Split(',').Any(pair => pair.Split('=')[0].Trim() == HostName);
}
