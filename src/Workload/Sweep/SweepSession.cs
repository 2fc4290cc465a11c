using Observatory.Contract;
using Observatory.Hosting;
using Observatory.Workload.Machine;
using Observatory.Workload.Options;
using Observatory.Workload.Results;
using Observatory.Workload.Study;
using Observatory.Workload.Telemetry;
using Observatory.Workload.Torch;

namespace Observatory.Workload.Sweep;

/// <summary>One sweep from its options to its results: checks, then telemetry, then the driving thread.</summary>
internal static class SweepSession
{
    /// <exception cref="UsageException">The machine cannot do what was asked.</exception>
    public static async Task RunAsync(SweepOptions options)
    {
        var files = new CgroupFiles("/");
        if (options.Results is { } path) ResultsFile.RequireWritable(path);
        IReadOnlyList<StudyPoint> points = StudyPoints.Of(options);
        MemoryCheck.Require(points, AvailableMemory.Read(files));
        ThreadChoice choice = ThreadChoice.Of(options.Threads, Environment.ProcessorCount, CpuQuota.Read(files));
        SweepPlan plan = Plan(options, points, choice.Threads);

        using ILoggerFactory loggers = StandardErrorLog.Create(options.Quiet);
        ILogger logger = loggers.CreateLogger(Meters.Workload);
        await using TelemetryHost telemetry = await TelemetryHost.StartAsync(options.Endpoint, plan, logger);
        WorkloadLog.ThreadsChosen(logger, choice.Threads, choice.Reason);
        SweepResults results = await DriveAsync(options, plan, telemetry.Instruments, logger);
        ResultsWriter.Write(Console.Out, ResultsSummary.Of(results, plan), options.Json);
        if (options.Results is { } file) ResultsFile.Write(file, StudyResultsOf.Sweep(results, plan, files));
    }

    private static SweepPlan Plan(SweepOptions options, IReadOnlyList<StudyPoint> points, int threads) => new(
        [.. points.Select((point, index) => point.ToConfiguration(index, threads))],
        new VisitOrder(options.Order, points.Count, options.Seed),
        options.Order,
        options.Iterations,
        options.Warmup,
        options.Seed,
        threads,
        options.Once);

    private static async Task<SweepResults> DriveAsync(
        SweepOptions options, SweepPlan plan, WorkloadInstruments instruments, ILogger logger)
    {
        var results = new SweepResults(plan.Study.Count, TimeProvider.System);
        using var stop = new StopRequest(logger);
        if (options.UntilStdinCloses) stop.WhenEnds(Console.OpenStandardInput());
        using var heartbeat = new Heartbeat(plan.Study);
        await DrivingThread.Run(() =>
        {
            new TorchLoader(new TorchLibraries(AppContext.BaseDirectory), logger).Load();
            if (options.Duration is { } duration) stop.After(duration);
            new SweepRunner(plan, results, instruments, logger).Run(stop.Token);
        });
        return results;
    }
}
