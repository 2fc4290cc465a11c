using System.Diagnostics.Metrics;
using Observatory.Contract;
using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>What the collector itself costs: its CPU time, by the parts that have threads of their own.</summary>
internal sealed class OwnCostMetrics
{
    private const string Other = "other";
    private static readonly string[] Parts = ["kernel-reader", "runtime-reader", "timeline", "nettrace-writer"];
    private readonly Lock _entry = new();
    private readonly Dictionary<string, double> _said = [];

    public static void Observe(IMeterFactory meters)
    {
        var cost = new OwnCostMetrics();
        meters.Create(Meters.Collector).CreateObservableCounter(
            "observatory.collector.cpu", cost.Read, "s", "CPU time of the collector, by the part that spent it; other: HTTP, /proc, the table, the runtime.");
    }

    /// <summary>Seconds by part. A thread that has ended keeps what it had; the parts add up to the process.</summary>
    public IReadOnlyList<Measurement<double>> Read()
    {
        lock (_entry)
        {
            foreach ((string part, long nanoseconds) in OwnThreadTimes.Read(Parts)) Say(part, nanoseconds / 1e9);
            double named = _said.Where(pair => pair.Key != Other).Sum(pair => pair.Value);
            Say(Other, Environment.CpuUsage.TotalTime.TotalSeconds - named);
            return [.. _said.Select(pair => new Measurement<double>(pair.Value, Label(pair.Key)))];
        }
    }

    /// <summary>The two clocks are not read at the same instant: a counter stands still rather than falls.</summary>
    private void Say(string part, double seconds) => _said[part] = Math.Max(_said.GetValueOrDefault(part), seconds);

    private static KeyValuePair<string, object?> Label(string part) => new("part", part.Replace('-', '_'));
}
