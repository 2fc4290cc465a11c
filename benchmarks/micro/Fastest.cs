using System.Diagnostics;

namespace Observatory.Micro;

/// <summary>What one step costs.</summary>
/// <param name="Reader">Nanoseconds of the thread that reads.</param>
/// <param name="Timeline">Nanoseconds of the timeline's thread; of a scrape, until the answer is there.</param>
/// <param name="Bytes">Allocated by both threads.</param>
internal readonly record struct Cost(double Reader, double Timeline, double Bytes);

/// <summary>The fastest of the chunks that were measured; of what was allocated, the mean of the later half.</summary>
internal sealed class Fastest(int steps)
{
    private readonly List<(TimeSpan Reader, TimeSpan Timeline, long Bytes)> _chunks = [];

    /// <summary>Measures a scenario for as long as it asks for.</summary>
    public static Cost Of(Func<Scenario> make)
    {
        using Scenario scenario = make();
        var best = new Fastest(scenario.Operations);
        for (long begun = Stopwatch.GetTimestamp(); !scenario.IsEnough(best._chunks.Count, Stopwatch.GetElapsedTime(begun));)
        {
            scenario.Write();
            best.Measure(scenario.Read, scenario.Apply);
            scenario.Settle();
        }

        return best.Cost;
    }

    private Cost Cost => new(
        _chunks.Min(chunk => chunk.Reader).TotalNanoseconds / steps,
        _chunks.Min(chunk => chunk.Timeline).TotalNanoseconds / steps,
        _chunks.Skip(_chunks.Count / 2).Average(chunk => chunk.Bytes) / steps);

    private void Measure(Action reader, Action timeline)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long begun = Stopwatch.GetTimestamp();
        reader();
        long read = Stopwatch.GetTimestamp();
        timeline();
        long done = Stopwatch.GetTimestamp();
        _chunks.Add((Stopwatch.GetElapsedTime(begun, read), Stopwatch.GetElapsedTime(read, done), GC.GetAllocatedBytesForCurrentThread() - allocated));
    }
}
