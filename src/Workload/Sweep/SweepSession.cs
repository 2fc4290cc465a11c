using Observatory.Kernel;
using Observatory.Contract;
using Observatory.Hosting;
using Observatory.Study;

namespace Observatory.Workload;

/// <summary>One sweep from its options to its results: checks, then telemetry, then the driving thread.</summary>
internal static class SweepSession
{
    /// <exception cref="UsageException">The machine cannot do what was asked.</exception>
    public static async Task RunAsync(SweepOptions options)
    {
        var files = new CgroupFiles("/");
        OutputFile? file = options.Results is { } written ? OutputFile.Create(written.Name, written.Text) : null;
        ThreadChoice choice = ThreadChoice.Choose(options.Threads, Environment.ProcessorCount, CpuQuota.Read(files));
        SelectedPoints selected = SelectedPoints.Select(
            StudyPoints.List(options, choice.Threads), AvailableMemory.Read(files), preset: options.Preset is not null);
        SweepPlan plan = SweepPlan.Create(options, selected, choice.Threads);

        using ILoggerFactory loggers = StandardErrorLog.Create(options.Quiet);
        ILogger logger = loggers.CreateLogger(Meters.Workload);
        await using TelemetryHost telemetry = await TelemetryHost.StartAsync(options.Endpoint, plan, logger);
        WorkloadLog.ThreadsChosen(logger, string.Join(", ", choice.Threads), choice.Reason);
        if (choice.Warning is { } warning) WorkloadLog.TooManyThreads(logger, warning);
        foreach ((StudyPoint point, string reason) in plan.LeftOut.DistinctBy(left => left.Point with { Threads = 1 }))
            WorkloadLog.LeftOut(logger, point, reason);
        SweepResults results = await DriveAsync(options, plan, telemetry.Instruments, logger);
        OutputFile.StandardOutput.Write(ResultsWriter.Text(ResultsSummary.From(results, plan), options.Json));
        file?.Write(StudyResultsWriter.Write(ResultsDocument.From(results, plan, files)));
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
        using IDisposable session = TorchSession.Begin(plan.MostThreads);
        TensorOperations.RequireSupported(plan.Points, plan.Outputs);
        if (plan.Limits)
        {
            instruments.Machine.Limits = results.Limits = LimitsProbe.Measure(files, plan);
            LimitsProbe.Log(logger, results.Limits);
        }

        if (options.Duration is { } duration) stop.After(duration);
        results.Begin(TorchSession.Version);
        WorkloadLog.SweepStarted(logger, results.Torch, plan.Study.Count);
        using var watch = new DisturbanceWatch(files, DrivingThread.Name, plan.MostThreads);
        TextWriter? terminal = Console.IsErrorRedirected || options.Quiet ? null : Console.Error;
        var progress = new SweepProgress(plan, terminal, options.Duration, logger);
        new SweepRunner(plan, results, watch, instruments, progress).Run(stop.Token);
        progress.End();
    }
}

/// <summary>
/// One thread for the whole sweep. An iteration's account is that of a thread, so iterations must not move between
/// the threads of a pool.
/// </summary>
internal static class DrivingThread
{
    /// <summary>As the kernel shows it: 15 characters at most.</summary>
    public const string Name = "sweep";

    /// <summary>
    /// Runs the work on a new thread; the task ends as the work does, with its exception if it throws.
    /// </summary>
    public static Task Run(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Complete(done, work)) { Name = Name, IsBackground = true }.Start();
        return done.Task;
    }

    private static void Complete(TaskCompletionSource done, Action work)
    {
        try
        {
            work();
            done.SetResult();
        }
#pragma warning disable CA1031 // Whatever it is, the one who awaits the task gets it.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            done.SetException(problem);
        }
    }
}
