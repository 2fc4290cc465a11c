namespace Observatory.EndToEnd.Tests;

/// <summary>What one ResourceMetrics of an ExportMetricsServiceRequest says.</summary>
/// <param name="Resource">Attributes of the process, those that are text.</param>
/// <param name="Metrics">The metrics by name, each with the data points of a sum.</param>
/// <remarks>
/// Numbers of fields: opentelemetry/proto/collector/metrics/v1/metrics_service.proto, metrics/v1/metrics.proto,
/// resource/v1/resource.proto and common/v1/common.proto.
/// </remarks>
internal sealed record OtlpExport(IReadOnlyDictionary<string, string> Resource, ILookup<string, long?> Metrics)
{
    /// <summary>Reads a request.</summary>
    /// <exception cref="FormatException">It is no protobuf message.</exception>
    public static IEnumerable<OtlpExport> Read(byte[] request) => new ProtobufMessage(request).Messages(1).Select(Read);

    private static OtlpExport Read(ProtobufMessage resourceMetrics) => new(
        resourceMetrics.Messages(1).SelectMany(resource => resource.Messages(1)).ToDictionary(
            attribute => attribute.Text(1), attribute => attribute.Messages(2).Single().Text(1)),
        resourceMetrics.Messages(2).SelectMany(scope => scope.Messages(2)).SelectMany(Points)
            .ToLookup(point => point.Metric, point => point.Value));

    private static IEnumerable<(string Metric, long? Value)> Points(ProtobufMessage metric)
    {
        string name = metric.Text(1);
        long?[] values = [.. metric.Messages(7).SelectMany(sum => sum.Messages(1)).Select(point => point.Fixed64(6))];
        return values.Length > 0 ? values.Select(value => (name, value)) : [(name, null)];
    }
}
