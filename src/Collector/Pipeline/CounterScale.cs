using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// Scales what a group of counters counted to the time in which it wanted to count; perf_event_open(2), "multiplexing".
/// </summary>
internal static class CounterScale
{
    /// <returns>Null when others had the counters all the time: unknown, not zero.</returns>
    public static CountedEvents? Of(in CounterGroupPayload counted, CounterSet set)
    {
        (long enabled, long running) = (counted.Enabled, counted.Running);
        if (running <= 0 || enabled < running) return null;
        return new CountedEvents(
            set.Name,
            set.Names,
            [
                Scale(counted.First, enabled, running), Scale(counted.Second, enabled, running),
                Scale(counted.Third, enabled, running), Scale(counted.Fourth, enabled, running),
            ],
            (double)running / enabled);
    }

    private static long? Scale(long value, long enabled, long running) =>
        value == CounterGroupPayload.NotCounted ? null : (long)((Int128)value * enabled / running);
}
