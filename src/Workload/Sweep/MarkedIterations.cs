using System.Diagnostics;
using Observatory.Contract;
using Observatory.Study;

namespace Observatory.Workload;

/// <summary>Iterations of a sweep, one by one: marked for observers, timed, counted and recorded.</summary>
internal sealed class MarkedIterations(
    WorkloadEventSource events, DisturbanceWatch watch, WorkloadInstruments instruments, SweepResults results)
{
    /// <summary>
    /// Between the marks: two readings of the clock and the operation. All else waits until after the stop.
    /// </summary>
    public void Run(WorkloadConfiguration configuration, ITensorOperation operation)
    {
        DisturbanceCounts before = watch.Read();
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long iteration = events.BeginIteration(configuration.Index);
        long start = Stopwatch.GetTimestamp();
        operation.Forward();
        long end = Stopwatch.GetTimestamp();
        events.EndIteration(iteration, configuration.Index);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        DisturbanceCounts after = watch.Read();
        operation.Clear();
        long nanoseconds = Ticks.ToNanoseconds(end - start);
        Disturbances disturbances = after.Since(before, nanoseconds);
        instruments.Record(configuration, nanoseconds / 1e9);
        results.Record(configuration, start, new Sample(iteration, nanoseconds, disturbances, allocated));
    }
}
