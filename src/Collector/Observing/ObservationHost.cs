using System.Diagnostics.Metrics;
using Observatory.Contract;
using Observatory.Hosting;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// What lasts as long as the process, whichever target is observed: screen, results, files, metrics server. Making it opens
/// nothing; <see cref="StartAsync"/> does.
/// </summary>
internal sealed class ObservationHost : IAsyncDisposable
{
    private readonly ObservationResults _results;
    private readonly WebApplication _server;
    private Uri? _address;
    private volatile Observation? _current;

    public ObservationHost(ObserveOptions options)
    {
        Options = options;
        Screen = Screens.Choose(options.Live);
        Counters = CounterChoice.Choose(options.Counters, Screen.Note);
        FaultCost = FaultCalibration.Measure();
        Files = new ObservationFiles(options, Screen.Log);
        Results = new ResultSinks(new CauseSink(Names, FaultCost?.Seconds), Files.Accounts, Names, Statuses, FaultCost);
        Traces = options.TracesFolder is { } folder ? new TraceStore(folder, new TraceRetention(), TimeProvider.System) : null;
        _results = new ObservationResults(Results, Process, Statuses.All, () => Configurations.FirstDeclared.IsCompleted);
        var page = new PageState(
            Results.Accounts.Rows, Process, Statuses.All, Traces, () => _current?.Recorder, () => _current?.TargetName);
        _server = MetricsServer.Build(
            "observatory-collector",
            options.Endpoint,
            Screen.Log,
            MetricViews.Configure,
            checks => ObservationHealth.AddTo(checks, () => _current?.Pump, Statuses),
            new PageEndpoints(page, options.Endpoint, Environment.GetEnvironmentVariable(PageEndpoints.TokenVariable), TimeProvider.System).Map);
        _server.MapGet(WhyCommand.Path, () => Microsoft.AspNetCore.Http.Results.Text(WhyCommand.ToJson(_results.Why(deep: true)), "application/json"));
        MeterFactory = _server.Services.GetRequiredService<IMeterFactory>();
        Sinks = [.. Instrumentation.Sinks(MeterFactory, Statuses), .. Results.All];
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

    /// <summary>Names of threads, of any process.</summary>
    public ThreadNames Names { get; } = new(PidNamespace.IsInitial());

    /// <summary>The files that are written meanwhile.</summary>
    public ObservationFiles Files { get; }

    /// <summary>The sinks that remember.</summary>
    public ResultSinks Results { get; }

    /// <summary>Every sink that findings go to: metrics, then those that remember.</summary>
    public IReadOnlyList<IFindingsSink> Sinks { get; }

    /// <summary>The captured traces; null where none are kept.</summary>
    public TraceStore? Traces { get; }

    /// <summary>Makes the meters that the server shows.</summary>
    public IMeterFactory MeterFactory { get; }

    /// <summary>Completes when there is something to look forward to: a workload that refuses its arguments only says so.</summary>
    public Task Begun => Options.StartsWorkload ? Configurations.FirstDeclared : Task.CompletedTask;

    /// <summary>True while no source failed and every file is complete.</summary>
    public bool IsWell => Statuses.All.All(source => source.Failure is null) && Files.AreComplete;

    /// <summary>Serves metrics, before there is a target: whoever waits for it can see that.</summary>
    /// <exception cref="UsageException">The endpoint is taken, or is none of this machine's.</exception>
    public async Task StartAsync()
    {
        Instrumentation.ObserveCollector(MeterFactory, Statuses, Results);
        _address = await MetricsServer.StartAsync(_server, Options.Endpoint).ConfigureAwait(false);
    }

    /// <summary>This target is observed from now on.</summary>
    public void Show(Observation observation)
    {
        _current = observation;
        _ = Files.StartAsync(Begun);
    }

    /// <summary>Shows the run until it is time to stop or nothing more will come.</summary>
    public async Task WatchAsync(Observation observation, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task screen = Screen.ShowAsync(() => _results.Look(Options.Duration, $"metrics: {_address}   Ctrl-C to finish"), Begun, over.Token);
        await Task.WhenAny(observation.Ended, Task.Delay(Timeout.Infinite, stop)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        try
        {
            await screen.ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The terminal is gone, or its file is full. What was found may still have somewhere to go.
        }
    }

    /// <summary>Prints the accounts on standard output.</summary>
    /// <exception cref="OutputFailedException">Standard output takes nothing more.</exception>
    public void PrintResults(TimelineCounts counts) => _results.Print(Options.Json, counts);

    public async ValueTask DisposeAsync()
    {
        Results.Dispose();
        Files.Dispose();
        await _server.DisposeAsync().ConfigureAwait(false);
    }

    private ProcessRow Process() => Results.Process.Row(_current?.ProcessTimes ?? PoolAccount.None);
}
