using Observatory.Kernel;
using Observatory.Contract;
using Observatory.Hosting;
using Observatory.Study;

namespace Observatory.Workload;

/// <summary>One sweep from its options to its results: checks, then telemetry, then the driving thread.</summary>
internal sealed class SweepSession
{
    private readonly CgroupFiles _files = new("/");
    private readonly SweepOptions _options;
    private readonly SweepPlan _plan;
    private readonly SweepResults _results;
    private readonly ILogger _logger;

    private SweepSession(SweepOptions options, SweepPlan plan, ILogger logger)
    {
        (_options, _plan, _logger) = (options, plan, logger);
        _results = new SweepResults(
            plan.Study.Count, TimeProvider.System, IsEndless && options.Results is null ? LatencyWindow.OfEndless : LatencyWindow.Capacity);
    }

    private bool IsEndless => _plan.Passes is null && _options.Duration is null;

    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    /// <exception cref="UsageException">The machine cannot do what was asked.</exception>
    /// <exception cref="OutputFailedException">The results cannot be written.</exception>
    public static async Task<int> RunAsync(SweepOptions options)
    {
        using ILoggerFactory loggers = StandardErrorLog.Create(options.Quiet);
        ILogger logger = loggers.CreateLogger(Meters.Workload);
        using ResultsOutput? output = options.Results is { } file
            ? ResultsOutput.Open(file, resumes: options.Resumed is not null && file.Name == SettingKeys.Resume.Option, logger)
            : null;
        SweepPlan plan = SweepPlan.Choose(options, new CgroupFiles("/"), out ThreadChoice choice);
        await using TelemetryHost telemetry = await TelemetryHost.StartAsync(options.Endpoint, plan, logger);
        WorkloadLog.ThreadsChosen(logger, string.Join(", ", choice.Threads), choice.Reason);
        if (choice.Warning is { } warning) WorkloadLog.TooManyThreads(logger, warning);
        foreach ((StudyPoint point, string reason) in plan.LeftOut.DistinctBy(left => left.Point with { Threads = 1 }))
            WorkloadLog.LeftOut(logger, point, reason);
        return await new SweepSession(options, plan, logger).RunAsync(telemetry.Instruments, output);
    }

    private async Task<int> RunAsync(WorkloadInstruments instruments, ResultsOutput? output)
    {
        using var stop = new StopRequest(_logger);
        if (_options.UntilStdinCloses) stop.WhenEnds(Console.OpenStandardInput());
        using (new Heartbeat(_plan.Study))
        {
            await DrivingThread.Run(() =>
            {
                new TorchLoader(new TorchLibraries(AppContext.BaseDirectory), _logger).Load();
                Drive(instruments, stop, output);
            });
        }

        try
        {
            if (output?.Finish(Document(), hasEnded: !stop.IsInterrupted) is not false) return ExitCodes.Done;
            WorkloadLog.NoResults(_logger, _options.Results!.Value.Text);
            return ExitCodes.Finding;
        }
        finally
        {
            OutputFile.StandardOutput.Write(ResultsWriter.Text(ResultsSummary.From(_results, _plan), _options.Json, Terminal.Width));
        }
    }

    private void Drive(WorkloadInstruments instruments, StopRequest stop, ResultsOutput? output)
    {
        using IDisposable session = TorchSession.Begin(_plan.MostThreads);
        TensorOperations.RequireSupported(_plan.Points, _plan.Outputs);
        if (_options.Resumed is { } resumed) Restore(resumed, instruments);
        if (_plan.Limits)
        {
            instruments.Machine.Limits = _results.Limits = LimitsProbe.Measure(_files, _plan);
            LimitsProbe.Log(_logger, _results.Limits);
        }

        if (_options.Duration is { } duration) stop.After(duration);
        _results.Begin(TorchSession.Version);
        WorkloadLog.SweepStarted(_logger, _results.Torch, _plan.Study.Count);
        using var watch = new DisturbanceWatch(_files, DrivingThread.Name, _plan.MostThreads);
        TextWriter? terminal = Console.IsErrorRedirected || _options.Quiet ? null : Console.Error;
        var progress = new SweepProgress(_plan, terminal, _options.Duration, _logger);
        new SweepRunner(_plan, _results, watch, instruments, progress, () => PassDone(output)).Run(stop.Token);
        progress.End();
    }

    private void Restore(ResumedRun resumed, WorkloadInstruments instruments)
    {
        resumed.RequireSame(Fingerprint.Read(_files, TorchSession.Version, _plan.MostThreads));
        _results.Restore(resumed.Results);
        if (resumed.Results.Limits is { } limits)
            instruments.Machine.Limits = _results.Limits = [limits, .. resumed.Results.FurtherLimits ?? []];
        WorkloadLog.Resumed(_logger, _results.Passes, _results.Iterations);
    }

    /// <summary>An endless sweep with a file begins a new one where others forget their oldest samples.</summary>
    private void PassDone(ResultsOutput? output)
    {
        if (output is null) return;
        if (!IsEndless || _results.HasRoomFor(_plan.Iterations)) output.AfterPass(Document);
        else if (output.TryRotate(Document())) _results.Clear();
    }

    private StudyResults Document() => ResultsDocument.From(_results, _plan, _files);
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
#pragma warning disable CA1031 // Whatever it is, the caller that awaits the task gets it.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            done.SetException(problem);
        }
    }
}
