using System.Diagnostics;
using Observatory.Contract;
using Observatory.Study;

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
    SweepPlan plan,
    SweepResults results,
    DisturbanceWatch watch,
    WorkloadInstruments instruments,
    SweepProgress progress,
    Action passDone)
{
    /// <summary>
    /// When a configuration is visited until it is known, another visit tells more than a further long iteration of this
    /// one: none begins after this time.
    /// </summary>
    private static readonly TimeSpan LongVisit = TimeSpan.FromSeconds(3);

    private static readonly WorkloadEventSource Events = WorkloadEventSource.Log;
    private readonly MarkedIterations _iterations = new(Events, watch, instruments, results);
    private readonly PrecisionGoal _goal = new(plan.Precision);
    private readonly PeakMemory _memory = new();

    /// <summary>Runs until everything asked for is done, or until the stop.</summary>
    public void Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && results.Passes < (plan.Passes ?? long.MaxValue))
        {
            _goal.BeginPass(plan.Study, results);
            int[] open = [.. plan.Visits.IndicesOf(results.Passes).Where(index => !_goal.IsReached(plan.Study[index], results))];
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
        passDone();
    }

    private void Visit(WorkloadConfiguration configuration, CancellationToken stop)
    {
        Events.Declare(configuration);
        instruments.Enter(configuration);
        progress.Visiting((int)configuration.Index);
        results.Visit(configuration);
        TorchSession.Use((int)configuration.Threads);
        _memory.Begin();
        using (ITensorOperation operation =
            TensorOperations.Create(plan.Points[(int)configuration.Index], plan.Outputs, configuration.Index, plan.Seed))
        {
            WarmUp(operation, stop);
            watch.FindThreads();
            Iterate(configuration, operation, stop);
            results[configuration].Add(_memory.Read());
        }

        results.Watched = watch.Watched;
        instruments.Leave(configuration, results[configuration]);
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

/// <summary>Which medians are known precisely enough to spend no further pass on them.</summary>
/// <param name="precision">Half the width of the confidence interval as a share of the median; null: no goal.</param>
internal sealed class PrecisionGoal(double? precision)
{
    private VisitDependence _visits = VisitDependence.None;

    /// <summary>Looks how visits resemble the ones before them: then so many know less than as many independent ones.</summary>
    public void BeginPass(IEnumerable<WorkloadConfiguration> study, SweepResults results)
    {
        if (precision is null) return;
        _visits = VisitDependence.Of(study.Select(configuration => results[configuration].Latencies).Select(
            window => MedianPrecision.Medians(Durations(window), window.Visits).ToArray()));
    }

    public bool IsReached(WorkloadConfiguration configuration, SweepResults results) => precision is { } share
        && Precision(results[configuration].Latencies) <= share;

    private double? Precision(LatencyWindow window) => MedianPrecision.From(Durations(window), window.Visits, _visits);

    private static long[] Durations(LatencyWindow window) => [.. window.Samples.Select(sample => sample.Nanoseconds)];
}
