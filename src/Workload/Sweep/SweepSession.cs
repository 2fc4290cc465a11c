using Observatory.Contract;
using Observatory.Hosting;

namespace Observatory.Workload;

/// <summary>One sweep from its options to its results: checks, then telemetry, then the driving thread.</summary>
internal static class SweepSession
{
    /// <exception cref="UsageException">The machine cannot do what was asked.</exception>
    public static async Task RunAsync(SweepOptions options)
    {
        var files = new CgroupFiles("/");
        if (options.Results is { } path) ResultsFile.RequireWritable(path);
        SelectedPoints selected = SelectedPoints.Of(
            StudyPoints.Of(options), AvailableMemory.Read(files), preset: options.Preset is not null);
        ThreadChoice choice = ThreadChoice.Of(options.Threads, Environment.ProcessorCount, CpuQuota.Read(files));
        SweepPlan plan = SweepPlan.Of(options, selected, choice.Threads);

        using ILoggerFactory loggers = StandardErrorLog.Create(options.Quiet);
        ILogger logger = loggers.CreateLogger(Meters.Workload);
        await using TelemetryHost telemetry = await TelemetryHost.StartAsync(options.Endpoint, plan, logger);
        WorkloadLog.ThreadsChosen(logger, choice.Threads, choice.Reason);
        foreach ((StudyPoint point, string reason) in plan.LeftOut) WorkloadLog.LeftOut(logger, point, reason);
        SweepResults results = await DriveAsync(options, plan, telemetry.Instruments, logger);
        ResultsWriter.Write(Console.Out, ResultsSummary.Of(results, plan), options.Json);
        if (options.Results is { } file) ResultsFile.Write(file, StudyResultsOf.Sweep(results, plan, files));
    }

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
            Drive(options, plan, results, instruments, stop, logger);
        });
        return results;
    }

    private static void Drive(
        SweepOptions options,
        SweepPlan plan,
        SweepResults results,
        WorkloadInstruments instruments,
        StopRequest stop,
        ILogger logger)
    {
        var files = new CgroupFiles("/");
        using IDisposable session = TorchSession.Begin(plan.Threads);
        if (plan.Limits)
        {
            instruments.Machine.Limits = results.Limits = LimitsProbe.Measure(files, plan.Threads);
            LimitsProbe.Log(logger, results.Limits);
        }

        if (options.Duration is { } duration) stop.After(duration);
        results.Begin(TorchSession.Version);
        WorkloadLog.SweepStarted(logger, results.Torch, plan.Study.Count);
        using var watch = new DisturbanceWatch(files, DrivingThread.Name, plan.Threads);
        TextWriter? terminal = Console.IsErrorRedirected || options.Quiet ? null : Console.Error;
        var progress = new SweepProgress(plan, terminal, options.Duration, logger);
        new SweepRunner(plan, results, watch, instruments, progress).Run(stop.Token);
        progress.End();
    }
}
