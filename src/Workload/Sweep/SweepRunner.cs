using System.Diagnostics;
using Observatory.Contract;
using Observatory.Workload.Results;
using Observatory.Workload.Telemetry;
using Observatory.Workload.Torch;
using TorchSharp;

namespace Observatory.Workload.Sweep;

/// <summary>
/// Visits the configurations, pass after pass, on one thread: pass = every configuration once; visit = warm-up, then
/// iterations. A stop takes effect between two iterations.
/// </summary>
/// <remarks>
/// Warm-up is not part of the study: it has no events, no metrics and no latency, only a count. A visit begins with
/// cold caches and a new input, which would otherwise be charged to its first iteration.
/// </remarks>
internal sealed class SweepRunner(
    SweepPlan plan, SweepResults results, WorkloadInstruments instruments, ILogger logger)
{
    /// <summary>A pass over small configurations takes milliseconds: nobody wants a line for each.</summary>
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(10);

    private static readonly WorkloadEventSource Events = WorkloadEventSource.Log;
    private long? _reported;

    public void Run(CancellationToken stop)
    {
        using IDisposable session = TorchSession.Begin(plan.Threads);
        results.Begin(TorchSession.Version);
        WorkloadLog.SweepStarted(logger, results.Torch, plan.Study.Count);
        do
        {
            RunPass(stop);
        }
        while (!plan.Once && !stop.IsCancellationRequested);
    }

    private void RunPass(CancellationToken stop)
    {
        foreach (int index in plan.Visits.Of(results.Passes))
        {
            if (stop.IsCancellationRequested) return;
            Visit(plan.Study[index], stop);
        }

        if (stop.IsCancellationRequested) return;
        results.Passes++;
        Report();
    }

    private void Report()
    {
        if (_reported is { } last && Stopwatch.GetElapsedTime(last) < ReportInterval) return;
        _reported = Stopwatch.GetTimestamp();
        WorkloadLog.PassDone(logger, results.Passes, results.Iterations);
    }

    private void Visit(WorkloadConfiguration configuration, CancellationToken stop)
    {
        Events.Declare(configuration);
        instruments.Enter(configuration);
        results.Visit(configuration);
        using var operation = new LinearOperation(configuration, plan.Seed);
        for (int n = 0; n < plan.Warmup && !stop.IsCancellationRequested; n++) WarmUp(operation);
        for (int n = 0; n < plan.Iterations && !stop.IsCancellationRequested; n++) Iterate(configuration, operation);
    }

    private void WarmUp(LinearOperation operation)
    {
        operation.Forward().Dispose();
        results.WarmupIterations++;
    }

    /// <summary>
    /// Between the marks: two readings of the clock and the operation. All else waits until after the stop.
    /// </summary>
    private void Iterate(WorkloadConfiguration configuration, LinearOperation operation)
    {
        long iteration = Events.BeginIteration(configuration.Index);
        long start = Stopwatch.GetTimestamp();
        torch.Tensor output = operation.Forward();
        long end = Stopwatch.GetTimestamp();
        Events.EndIteration(iteration, configuration.Index);
        output.Dispose();
        double seconds = (double)(end - start) / Stopwatch.Frequency;
        instruments.Record(configuration, seconds);
        results.Record(configuration, start, end);
    }
}
