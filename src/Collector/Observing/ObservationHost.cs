using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using Observatory.Contract;
using Observatory.Hosting;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// What lasts as long as the process, whichever target is observed: screen, results, files, metrics server. Making it opens
/// nothing; <see cref="StartAsync"/> does. Targets come and go one after the other.
/// </summary>
internal sealed class ObservationHost : IAsyncDisposable
{
    // signal(7), the same on x86-64 and arm64. Not in the enumeration, whose numbers are negative: others are the system's own.
    private const PosixSignal UserSignal = (PosixSignal)10;

    private readonly ObservationResults _results;
    private readonly WebApplication _server;
    private readonly CancellationTokenSource _showOver = new();
    private readonly Lock _entry = new();
    private Uri? _address;
    private PosixSignalRegistration? _signal;
    private Task? _show;
    private Observation? _current;
    private TimelineCounts _countsBefore = new();
    private PoolAccount _timesBefore = PoolAccount.None;
    private long _targets;

    /// <param name="options">What was asked for.</param>
    /// <param name="soak">The soak test that is made of it; null for none.</param>
    public ObservationHost(ObserveOptions options, SoakRun? soak = null)
    {
        (Options, Soak) = (options, soak);
        Screen = Screens.Choose(options.Live);
        foreach (SourceStatus source in Statuses.All) source.Failing = Screen.Log;
        Counters = CounterChoice.Choose(options.Counters, Screen.Note);
        FaultCost = FaultCalibration.Measure();
        Files = new ObservationFiles(options, Screen.Log);
        Results = new ResultSinks(new CauseSink(Names, FaultCost?.Seconds), Files.Accounts, Names, Statuses, FaultCost);
        Effect = options.ObserverEffect is { } every ? new ObserverEffect(every) : null;
        Units = new UnitObservation(new UnitNames(options.Runtime.UnitNames), options.Runtime.Units, options.Runtime.UnitEvents, options.Runtime.UnitActivities);
        Traces = options.TracesFolder is { } folder ? new TraceStore(folder, new TraceRetention(), TimeProvider.System) : null;
        _results = new ObservationResults(Results, Process, Statuses.All, () => Configurations.FirstDeclared.IsCompleted, Units, Effect);
        var page = new PageState(
            Results.Accounts.Rows, _results.Why, Statuses.All, Traces, () => Current?.Recorder, () => Current?.TargetName);
        _server = MetricsServer.Build(
            "observatory-collector",
            options.Endpoint,
            Screen.Log,
            MetricViews.Configure,
            checks => ObservationHealth.AddTo(checks, () => Current?.Pump, Statuses, Units.Activities),
            new PageEndpoints(page, options.Endpoint, Environment.GetEnvironmentVariable(PageEndpoints.TokenVariable), TimeProvider.System).Map);
        MeterFactory = _server.Services.GetRequiredService<IMeterFactory>();
        RuntimeMetrics = new RuntimeInstruments(MeterFactory, Configurations, Names);
        Sinks = [.. Instrumentation.Sinks(MeterFactory, Statuses), .. Results.All, .. new IFindingsSink?[] { soak?.Sampler, Effect }.OfType<IFindingsSink>()];
    }

    /// <summary>What was asked for.</summary>
    public ObserveOptions Options { get; }

    /// <summary>What a person sees.</summary>
    public IScreen Screen { get; }

    /// <summary>What driving threads are asked to count; null for nothing.</summary>
    public CounterSet? Counters { get; }

    /// <summary>What a minor page fault costs here; null where that could not be measured.</summary>
    public FaultCost? FaultCost { get; }

    /// <summary>How each source is doing.</summary>
    public SourceStatuses Statuses { get; } = new();

    /// <summary>What targets declared.</summary>
    public ConfigurationRegistry Configurations { get; } = new();

    /// <summary>What is known of requests.</summary>
    public UnitObservation Units { get; }

    /// <summary>Names of threads, of any process.</summary>
    public ThreadNames Names { get; } = new(PidNamespace.IsInitial());

    /// <summary>The files that are written meanwhile.</summary>
    public ObservationFiles Files { get; }

    /// <summary>The sinks that remember.</summary>
    public ResultSinks Results { get; }

    /// <summary>Every sink that findings go to: metrics, then those that remember.</summary>
    public IReadOnlyList<IFindingsSink> Sinks { get; }

    /// <summary>Instruments of what the runtimes of targets tell.</summary>
    public RuntimeInstruments RuntimeMetrics { get; }

    /// <summary>The soak test; null where none is made.</summary>
    public SoakRun? Soak { get; }

    /// <summary>What observing does to the target; null where that is not measured.</summary>
    public ObserverEffect? Effect { get; }

    /// <summary>How long to observe; null without an end. A soak test that was begun by an earlier collector has less before it.</summary>
    public TimeSpan? Duration => Soak?.Remaining ?? Options.Duration;

    /// <summary>The captured traces; null where none are kept.</summary>
    public TraceStore? Traces { get; }

    /// <summary>Makes the meters that the server shows.</summary>
    public IMeterFactory MeterFactory { get; }

    /// <summary>Completes when there is something to look forward to: a workload that refuses its arguments only says so.</summary>
    public Task Begun => Options.StartsWorkload ? Configurations.FirstDeclared : Task.CompletedTask;

    /// <summary>True while no source failed and every file is complete.</summary>
    public bool IsWell => Statuses.All.All(source => source.Failure is null) && Files.AreComplete;

    /// <summary>What observes the present target; null while there is none.</summary>
    public Observation? Current
    {
        get
        {
            lock (_entry) return _current;
        }
    }

    /// <summary>What the timelines have counted, over all targets.</summary>
    public TimelineCounts Counts
    {
        get
        {
            lock (_entry) return _current is null ? _countsBefore : _countsBefore + _current.Counts;
        }
    }

    /// <summary>What the threads of all targets have done.</summary>
    public PoolAccount ProcessTimes
    {
        get
        {
            lock (_entry) return _current is null ? _timesBefore : _timesBefore + _current.ProcessTimes;
        }
    }

    /// <summary>How often another target came after the first one.</summary>
    public long Restarts => Math.Max(0, Interlocked.Read(ref _targets) - 1);

    /// <summary>
    /// Serves metrics before there is a target, so that waiting for one can be seen, and takes SIGUSR1 for a request of a trace, which
    /// would end the process where nothing takes it.
    /// </summary>
    /// <exception cref="UsageException">The endpoint is taken, or its address is not one of this machine's.</exception>
    public async Task StartAsync()
    {
        _signal = PosixSignalRegistration.Create(UserSignal, context =>
        {
            context.Cancel = true;
            Capture();
        });
        Instrumentation.ObserveHost(this);
        _address = await MetricsServer.StartAsync(_server, Options.Endpoint).ConfigureAwait(false);
        if (Soak is { IsResumed: true }) Soak.Begin(this);
    }

    /// <summary>This target is observed from now on.</summary>
    public void Enter(Observation observation)
    {
        lock (_entry) _current = observation;
        Interlocked.Increment(ref _targets);
        _ = Files.StartAsync(Begun);
        Soak?.Begin(this);
    }

    /// <summary>It is over; what it found stays.</summary>
    public void Leave(Observation observation)
    {
        lock (_entry)
        {
            if (_current != observation) return;
            _countsBefore += observation.Counts;
            _timesBefore += observation.ProcessTimes;
            _current = null;
        }
    }

    /// <summary>Shows the run from now on; again means nothing.</summary>
    public void BeginShow() => _show ??=
        Screen.ShowAsync(Look, Begun, _showOver.Token);

    /// <summary>Shows no more.</summary>
    public async Task EndShowAsync()
    {
        await _showOver.CancelAsync().ConfigureAwait(false);
        try
        {
            if (_show is not null) await _show.ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The terminal is gone, or its file is full. What was found may still have somewhere to go.
        }
#pragma warning disable CA1031 // What was shown meanwhile must not take with it what was found.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Console.Error.WriteLine(LastWords.Of("collector", "nothing was shown from some time on", failure));
        }
    }

    /// <summary>Writes what is left and closes the files. What was asked for is there, if only as an empty file.</summary>
    public void FinishFiles()
    {
        Files.Start();
        Files.Dispose();
    }

    /// <summary>Prints what was found on standard output: the accounts, or the verdict of the soak test.</summary>
    /// <returns>The exit code that it stands for.</returns>
    /// <exception cref="OutputFailedException">Standard output takes nothing more.</exception>
    public int PrintResults()
    {
        if (Soak is not null)
        {
            // Not part of its report: it is no criterion.
            if (Effect is not null) Console.Error.WriteLine(Effect.Finding().Sentence);
            return Soak.Conclude(Options.Json);
        }

        _results.Print(Options.Json, Counts);
        return ExitCodes.Done;
    }

    public async ValueTask DisposeAsync()
    {
        _signal?.Dispose();
        Results.Dispose();
        Files.Dispose();
        await _server.DisposeAsync().ConfigureAwait(false);
        _showOver.Dispose();
    }

    /// <summary>Asked for by a signal, at any time.</summary>
    private void Capture()
    {
        if (Current?.Recorder is { } recorder) _ = recorder.RequestAsync(TraceTrigger.Signal, "asked for by SIGUSR1");
        else Screen.Log($"SIGUSR1: no trace was captured: {(Traces is null ? "traces are not kept (--traces)" : "there is no target yet")}");
    }

    private LiveModel Look()
    {
        LiveModel now = _results.Look(Options.Duration, $"metrics: {_address}   Ctrl-C to finish");
        return Soak is null ? now : now with { Verdict = Soak.Line, Progress = $"{now.Verdict}   {now.Progress}" };
    }

    private ProcessRow Process() => Results.Process.Row(ProcessTimes);
}
