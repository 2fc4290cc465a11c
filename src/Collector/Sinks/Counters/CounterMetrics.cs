using System.Diagnostics;
using System.Diagnostics.Metrics;
using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// Hardware counters of driving threads, by configuration. What was not counted has no series. The software set has none
/// either: what it counts, other metrics have of every machine.
/// </summary>
internal sealed class CounterMetrics : IFindingsSink
{
    private readonly Counter<long> _cycles;
    private readonly Counter<long> _instructions;
    private readonly Counter<long> _misses;
    private readonly Counter<long> _iterations;

    /// <param name="meters">Makes the meter.</param>
    public CounterMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(Meters.Collector);
        _cycles = meter.CreateCounter<long>(
            "observatory.iteration.cpu.cycles", null, "CPU cycles of driving threads inside iterations, in user mode.");
        _instructions = meter.CreateCounter<long>(
            "observatory.iteration.instructions", null, "Instructions of driving threads inside iterations, in user mode.");
        _misses = meter.CreateCounter<long>(
            "observatory.iteration.cache.misses", null, "Misses of driving threads inside iterations, in user mode: last-level cache, data TLB.");
        _iterations = meter.CreateCounter<long>(
            "observatory.iterations.counted", null, "Iterations whose hardware counters were read; scaled: others shared the counters.");
    }

    public void IterationClosed(WorkloadConfiguration configuration, in IterationAccount account)
    {
        if (account.Details.Counted is not { } counted || counted.Set != CounterSet.Hardware.Name) return;
        Add(_cycles, counted.Values[0], Tags(configuration));
        Add(_instructions, counted.Values[1], Tags(configuration));
        Add(_misses, counted.Values[2], Tags(configuration, "cache", "last_level"));
        Add(_misses, counted.Values[3], Tags(configuration, "cache", "data_tlb"));
        _iterations.Add(1, Tags(configuration, "scaled", counted.CountedShare < 1 ? "true" : "false"));
    }

    private static void Add(Counter<long> counter, long? value, TagList tags)
    {
        if (value is { } counted) counter.Add(counted, tags);
    }

    private static TagList Tags(WorkloadConfiguration configuration) => [.. Labels.Of(configuration)];

    private static TagList Tags(WorkloadConfiguration configuration, string label, string value)
    {
        TagList tags = Tags(configuration);
        tags.Add(label, value);
        return tags;
    }
}
