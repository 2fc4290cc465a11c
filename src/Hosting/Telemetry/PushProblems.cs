using System.Diagnostics.Tracing;
using System.Globalization;

namespace Observatory.Hosting;

/// <summary>
/// Says when the OTLP exporter has its first problem: a receiver that does not answer is a warning to it, because it will
/// try again. It reports failures to its event source only, so a push to a wrong address would fail without a word.
/// </summary>
internal sealed class PushProblems(Action<string> log) : EventListener
{
    private const string Exporter = "OpenTelemetry-Exporter-OpenTelemetryProtocol";
    private int _said;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Exporter) EnableEvents(eventSource, EventLevel.Warning);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventSource.Name != Exporter || Interlocked.Exchange(ref _said, 1) == 1) return;
        log($"OTLP push: {Text(eventData)} (Further problems are not shown.)");
    }

    private static string Text(EventWrittenEventArgs told)
    {
        object?[] payload = [.. told.Payload ?? []];
        string text = string.Format(CultureInfo.InvariantCulture, told.Message ?? "{0}", payload);
        return text.Split('\n')[0].TrimEnd();
    }
}
