using System.Diagnostics.Metrics;
using Observatory.Contract;

namespace Observatory.Collector;

/// <summary>Instruments of the raw recording.</summary>
internal static class RecordingMetrics
{
    public static void Observe(IMeterFactory meters, NettraceFile file)
    {
        Meter meter = meters.Create(Meters.Collector);
        meter.CreateObservableCounter("observatory.recording.written", () => file.Written, "By", "Bytes in the .nettrace file.");
        meter.CreateObservableGauge(
            "observatory.recording.complete", () => file.IsComplete ? 1 : 0, null, "1 while everything that was received is in the .nettrace file, or will be.");
    }
}
