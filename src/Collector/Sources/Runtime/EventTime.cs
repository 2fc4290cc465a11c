using Microsoft.Diagnostics.Tracing;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>The time of a runtime event on the clock that all sources share.</summary>
internal static class EventTime
{
    /// <summary>
    /// The event's raw time stamp. On Linux the runtime takes it from CLOCK_MONOTONIC in nanoseconds: the clock that the
    /// kernel source asks perf for, so nothing has to be converted.
    /// </summary>
    public static Timestamp Of(TraceEvent happened)
    {
#pragma warning disable CS0618 // Discouraged in favour of milliseconds since the session began, which fit no other clock.
        return new Timestamp(happened.TimeStampQPC);
#pragma warning restore CS0618
    }
}
