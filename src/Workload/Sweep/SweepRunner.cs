using System.Diagnostics;
using Observatory.Contract;
using Observatory.Workload.Measurement;
using Observatory.Workload.Results;
using Observatory.Workload.Telemetry;
using Observatory.Workload.Torch;
using TorchSharp;

namespace Observatory.Workload.Sweep;

/// <summary>
/// Visits the configurations, pass after pass, on one thread: pass = every configuration that is not yet known well
/// enough, once; visit = warm-up, then iterations. A stop takes effect between two iterations.
/// </summary>
/// <remarks>
/// Warm-up is not part of the study: it has no events, no metrics and no latency, only a count. A visit begins with
/// cold caches and a new input, which would otherwise be charged to its first iteration.
/// </remarks>
internal sealed class SweepRunner(
    SweepPlan plan, SweepResults results, DisturbanceWatch watch, WorkloadInstruments instruments, SweepProgress progress)
{
    private static readonly WorkloadEventSource Events = WorkloadEventSource.Log;
    private readonly Known _known = new(plan.Precision);
    private readonly PeakMemory _memory = new();

    /// <summary>Runs until everything asked for is done, or until the stop.</summary>
    public void Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && results.Passes < (plan.Passes ?? long.MaxValue))
        {
            int[] open = [.. plan.Visits.Of(results.Passes).Where(index => !_known.Contains(plan.Study[index], results))];
            if (open.Length == 0) break;
            RunPass(open, stop);
        }
    }

    private void RunPass(int[] indices, CancellationToken stop)
    {
        progress.BeginPass(indices);
        foreach (int index in indices)
        {
            if (stop.IsCancellationRequested) return;
            Visit(plan.Study[index], stop);
            progress.Visited(index);
        }

        if (stop.IsCancellationRequested) return;
        results.Passes++;
        progress.PassDone(results);
    }

    private void Visit(WorkloadConfiguration configuration, CancellationToken stop)
    {
        Events.Declare(configuration);
        instruments.Enter(configuration);
        progress.Visiting((int)configuration.Index);
        results.Visit(configuration);
        _memory.Begin();
        using (ITensorOperation operation =
            TensorOperations.Create(plan.Points[(int)configuration.Index], configuration.Index, plan.Seed))
        {
            WarmUp(operation, stop);
            watch.FindThreads();
            for (int n = 0; n < plan.Iterations && !stop.IsCancellationRequested; n++) Iterate(configuration, operation);
            results.Of(configuration).Add(_memory.Read());
        }

        results.Watched = watch.Watched;
        instruments.Leave(configuration, results.Of(configuration));
    }

    private void WarmUp(ITensorOperation operation, CancellationToken stop)
    {
        var rule = new WarmupRule(plan.Warmup.Least, plan.Warmup.UntilStable);
        while (!rule.IsDone && !stop.IsCancellationRequested)
        {
            long start = Stopwatch.GetTimestamp();
            operation.Forward().Dispose();
            rule.Add(Ticks.ToNanoseconds(Stopwatch.GetTimestamp() - start));
            results.WarmupIterations++;
        }
    }

    /// <summary>
    /// Between the marks: two readings of the clock and the operation. All else waits until after the stop.
    /// </summary>
    private void Iterate(WorkloadConfiguration configuration, ITensorOperation operation)
    {
        DisturbanceCounts before = watch.Read();
        long iteration = Events.BeginIteration(configuration.Index);
        long start = Stopwatch.GetTimestamp();
        torch.Tensor output = operation.Forward();
        long end = Stopwatch.GetTimestamp();
        Events.EndIteration(iteration, configuration.Index);
        DisturbanceCounts after = watch.Read();
        output.Dispose();
        long nanoseconds = Ticks.ToNanoseconds(end - start);
        instruments.Record(configuration, nanoseconds / 1e9);
        results.Record(configuration, start, new Sample(nanoseconds, after.Since(before, nanoseconds)));
    }
}
