using System.Diagnostics.Metrics;
using Microsoft.Diagnostics.NETCore.Client;
using Observatory.Contract;
using Observatory.Hosting;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>The composition root: makes every part, starts them in order, ends them in the opposite order. No logic.</summary>
internal sealed class ObservationParts : IAsyncDisposable
{
    /// <summary>Some ten seconds of what a busy target fills a file with.</summary>
    private const int MostWaiting = 64_000_000;

    /// <summary>A runtime that waits to be resumed does nothing else; only one that is stopped takes so long.</summary>
    private static readonly TimeSpan ResumeLimit = TimeSpan.FromSeconds(10);

    private readonly ObserveOptions _options;
    private readonly SourceStatuses _statuses = new();
    private readonly Inbox _runtimeInbox = new(StreamKind.Runtime);
    private readonly Inbox _kernelInbox = new(StreamKind.Scheduler);
    private readonly ConfigurationRegistry _configurations = new();
    private readonly ThreadNames _names = new(PidNamespace.IsInitial());
    private readonly FaultCost? _faultCost;
    private readonly ResultSinks _found;
    private readonly ObservationResults _results;
    private readonly BackgroundOutput? _accounts;
    private readonly BackgroundOutput? _recording;
    private readonly KernelSource _kernel;
    private readonly WebApplication _server;
    private readonly TraceStore? _traces;
    private FlightRecorder? _recorder;
    private string? _target;
    private ThreadReports? _reports;
    private RuntimeSource? _runtime;
    private RuntimeInstruments? _runtimeSinks;
    private FindingsPipeline? _pipeline;
    private ContextSwitchSource? _switches;
    private TargetConditions? _conditions;
    private Uri? _address;
    private int _outputsStarted;

    public ObservationParts(ObserveOptions options)
    {
        _options = options;
        _faultCost = FaultCalibration.Measure();
        _accounts = Output("accounts", options.AccountsFile, WhenFull.Drop);
        // A hole would make everything behind it unreadable.
        _recording = Output("nettrace", options.Runtime.Nettrace, WhenFull.End);
        _found = new ResultSinks(new CauseSink(_names, _faultCost?.Seconds), _accounts, _names, _statuses, _faultCost);
        _results = new ObservationResults(_found, Process, _statuses.All, () => _configurations.FirstDeclared.IsCompleted);
        _kernel = new KernelSource(_kernelInbox, _statuses.Kernel, _names);
        _traces = options.TracesFolder is { } folder ? new TraceStore(folder, new TraceRetention(), TimeProvider.System) : null;
        var page = new PageState(
            _found.Accounts.Rows, Process, _statuses.All, _traces, () => _recorder?.Recorder, () => _target);
        _server = MetricsServer.Build(
            "observatory-collector",
            options.Endpoint,
            line => Screen!.Log(line),
            MetricViews.Configure,
            checks => ObservationHealth.AddTo(checks, () => _pipeline?.Pump, _statuses),
            new PageEndpoints(page, options.Endpoint, Environment.GetEnvironmentVariable(PageEndpoints.TokenVariable), TimeProvider.System).Map);
        _server.MapGet(WhyCommand.Path, () => Microsoft.AspNetCore.Http.Results.Text(WhyCommand.ToJson(_results.Why(deep: true)), "application/json"));
        // A workload that refuses its arguments declares nothing: its one line is then the only one.
        Task begun = options.StartsWorkload ? _configurations.FirstDeclared : Task.CompletedTask;
        Screen = Screens.Choose(options.Live, () => _results.Look(options.Duration, $"metrics: {_address}   Ctrl-C to finish"), begun);
    }

    /// <summary>What a person sees while it runs.</summary>
    public IScreen Screen { get; }

    /// <summary>True when everything that was asked for could be done, inside and in every file.</summary>
    public bool IsWell => _pipeline?.Failure is null && _statuses.All.All(source => source.Failure is null) && Outputs.All(output => output.IsComplete);

    /// <summary>Starts everything; when it returns, nothing that the target does is missed.</summary>
    public async Task StartAsync(ITarget target, CancellationToken cancellation)
    {
        Instrumentation.ObserveCollector(Meters, _statuses);
        _address = await MetricsServer.StartAsync(_server, _options.Endpoint).ConfigureAwait(false);
        DiagnosticsClient client = await target.ConnectAsync(cancellation).ConfigureAwait(false);
        CheckClock(target.ProcessId);
        StartPipeline(target.ProcessId);
        var threadIds = new TargetThreadIds(target.ProcessId);
        _kernel.TryStart(target.ProcessId, _options.Tier, threadIds.End);
        var extras = new SessionExtras(Tiers.NeedsCounters(_statuses.Kernel.Tier), _reports!.Groups.Wanted, !target.HasHeartbeat);
        await _runtime!.StartAsync(client, threadIds.OursOf, extras, cancellation).ConfigureAwait(false);
        await Task.Run(() => target.Resume(client), cancellation).WaitAsync(ResumeLimit, cancellation).ConfigureAwait(false);
    }

    /// <summary>Shows the run until it is time to stop or the target has ended.</summary>
    public async Task ObserveAsync(CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task screen = Screen.ShowAsync(ended.Token);
        // Without a timeline there is nothing more to see.
        await Task.WhenAny(_runtime!.Ended, _pipeline!.Pump.Failed, Task.Delay(Timeout.Infinite, cancellation)).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        try
        {
            await screen.ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The terminal is gone, or its file is full. What was found may still have somewhere to go.
        }
    }

    /// <summary>Ends the sources and lets everything they delivered reach the sinks.</summary>
    /// <param name="isRefused">True when the target refused its arguments: nothing was observed.</param>
    public async Task FinishAsync(bool isRefused = false)
    {
        if (!await _runtime!.StopAsync().ConfigureAwait(false))
            Screen.Log("the runtime of the target did not answer when it was told to stop: what it had not sent by then is missing");
        _kernel.Dispose();
        _switches?.Dispose();
        foreach (string line in _pipeline?.Finish() ?? []) Screen.Log(line);
        _recorder?.Finish();
        // What was asked for is there, if only as an empty file.
        if (!isRefused) StartOutputs();
        foreach (BackgroundOutput output in Outputs) output.Dispose();
    }

    /// <summary>Prints the accounts on standard output.</summary>
    public void PrintResults() => _results.Print(_options.Json, _pipeline?.Counts ?? new TimelineCounts());

    public async ValueTask DisposeAsync()
    {
        // Where it was opened and something failed after it: the target should not go on sending.
        if (_runtime is not null) await _runtime.StopAsync().ConfigureAwait(false);
        _kernel.Dispose();
        _switches?.Dispose();
        _conditions?.Dispose();
        _pipeline?.Dispose();
        _recorder?.Dispose();
        _found.Dispose();
        _runtimeSinks?.Dispose();
        foreach (BackgroundOutput output in Outputs) output.Dispose();
        await _server.DisposeAsync().ConfigureAwait(false);
    }

    private IEnumerable<BackgroundOutput> Outputs => new[] { _accounts, _recording }.OfType<BackgroundOutput>();

    private IMeterFactory Meters => _server.Services.GetRequiredService<IMeterFactory>();

    /// <summary>A workload that refuses its arguments declares nothing, and must not cost anybody a file.</summary>
    private async Task StartOutputsAsync()
    {
        await _configurations.FirstDeclared.ConfigureAwait(false);
        StartOutputs();
    }

    private void StartOutputs()
    {
        if (Interlocked.Exchange(ref _outputsStarted, 1) == 1) return;
        foreach (BackgroundOutput output in Outputs) output.Start();
    }

    private BackgroundOutput? Output(string name, OutputFile? file, WhenFull whenFull) =>
        file is null ? null : new BackgroundOutput(name, file, MostWaiting, whenFull, line => Screen!.Log(line));

    /// <exception cref="UsageException">Its events could not be joined with the kernel's.</exception>
    private static void CheckClock(int process)
    {
        foreach (int one in (int[])[process, Environment.ProcessId])
        {
            if (TimeNamespace.ReadMonotonicOffset(one) is not ({ } offset and not 0)) continue;
            throw new UsageException(
                $"Process {one} is in a time namespace whose monotonic clock is {offset / 1e9:0.###} s off the kernel's own, so that its "
                + "events cannot be joined with the kernel's. Run the target and the collector outside of it (time_namespaces(7)).");
        }
    }

    private ProcessRow Process() => _found.Process.Row(_pipeline?.ProcessTimes ?? PoolAccount.None);

    private void StartPipeline(int process)
    {
        CounterSet? counters = CounterChoice.Choose(_options.Counters, Screen.Note);
        _reports = new ThreadReports(new CounterReadings(), new CounterGroups(counters, Screen.Log));
        _target = $"{_names.NameOf(process)} ({process})";
        _recorder = FlightRecorder.TryStart(_options, new TraceContext(process, _names, _configurations, _statuses), _traces, Screen.Log, _found.Causes, Meters);
        _pipeline = new FindingsPipeline(
            process, [_runtimeInbox, _kernelInbox], _reports, _statuses.Kernel, _configurations, [.. Instrumentation.Sinks(Meters, _statuses, _faultCost), .. _found.All], Screen.Log, PidNamespace.IsInitial(), _recorder?.Recorder);
        _conditions = new TargetConditions(process);
        _found.Causes.Begin(process, _conditions);
        _switches = new ContextSwitchSource(process, _statuses.ProcFs);
        _runtimeSinks = new RuntimeInstruments(Meters, process, _options.Runtime.Detail, _configurations, _names, _recording, _found.Causes, _recorder?.Handler);
        _runtime = new RuntimeSource(
            _runtimeInbox, _statuses.Runtime, _configurations.Declare, _reports, _runtimeSinks.Handler, _options.Runtime, _recording);
        Instrumentation.ObserveTarget(Meters, process, _statuses, _switches, _faultCost, _found.Preemptors, _found.Causes, _pipeline, [.. Outputs]);
        if (_options.StartsWorkload) _ = StartOutputsAsync();
        else StartOutputs();
        _pipeline.Start();
        _switches.Start();
    }
}
