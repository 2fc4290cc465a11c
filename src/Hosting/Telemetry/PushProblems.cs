using System.Diagnostics.Tracing;
using System.Globalization;

namespace Observatory.Hosting;

/// <summary>
/// Says when the OTLP exporter fails for the first time. The exporter tells nobody but its event source, and who pushes
/// to the wrong address would wait for metrics that never come.
/// </summary>
internal sealed class PushProblems(Action<string> log) : EventListener
{
    private const string Exporter = "OpenTelemetry-Exporter-OpenTelemetryProtocol";
    private int _said;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Exporter) EnableEvents(eventSource, EventLevel.Error);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventSource.Name != Exporter || Interlocked.Exchange(ref _said, 1) == 1) return;
        log($"OTLP push fails, and may go on failing: {Text(eventData)}");
    }

    private static string Text(EventWrittenEventArgs told)
    {
        object?[] payload = [.. told.Payload ?? []];
        string text = string.Format(CultureInfo.InvariantCulture, told.Message ?? "{0}", payload);
        return text.Split('\n')[0].TrimEnd();
    }
}
