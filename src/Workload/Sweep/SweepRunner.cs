using System.Diagnostics;
using Observatory.Contract;

namespace Observatory.Workload;

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
    /// <summary>
    /// When a configuration is visited until it is known, another visit tells more than a further long iteration of this
    /// one: none begins after this time.
    /// </summary>
    private static readonly TimeSpan LongVisit = TimeSpan.FromSeconds(3);

    private static readonly WorkloadEventSource Events = WorkloadEventSource.Log;
    private readonly MarkedIterations _iterations = new(Events, watch, instruments, results);
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
            TensorOperations.Create(plan.Points[(int)configuration.Index], plan.Outputs, configuration.Index, plan.Seed))
        {
            WarmUp(operation, stop);
            watch.FindThreads();
            Iterate(configuration, operation, stop);
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
            operation.Forward();
            rule.Add(Ticks.ToNanoseconds(Stopwatch.GetTimestamp() - start));
            operation.Clear();
            results.WarmupIterations++;
        }
    }

    private void Iterate(WorkloadConfiguration configuration, ITensorOperation operation, CancellationToken stop)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int n = 0; n < plan.Iterations && !stop.IsCancellationRequested; n++)
        {
            if (plan.Precision is not null && n > 0 && Stopwatch.GetElapsedTime(begin) > LongVisit) return;
            _iterations.Run(configuration, operation);
        }
    }
}
