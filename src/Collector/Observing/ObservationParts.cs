using System.Diagnostics.Metrics;
using Microsoft.Diagnostics.NETCore.Client;
using Observatory.Collector.CommandLine;
using Observatory.Collector.Pipeline;
using Observatory.Collector.Sinks.Accounts;
using Observatory.Collector.Sinks.Blocked;
using Observatory.Collector.Sinks.Details;
using Observatory.Collector.Sinks.Metrics;
using Observatory.Collector.Sinks.Preemptors;
using Observatory.Collector.Sinks.Runtime;
using Observatory.Collector.Sinks.Summary;
using Observatory.Collector.Sinks.Terminal;
using Observatory.Collector.Sources;
using Observatory.Collector.Sources.Kernel;
using Observatory.Collector.Sources.ProcFs;
using Observatory.Collector.Sources.Runtime;
using Observatory.Collector.Sources.Runtime.Recording;
using Observatory.Collector.Target;
using Observatory.Contract;
using Observatory.Hosting;
using Observatory.Timeline;
using Spectre.Console;

namespace Observatory.Collector.Observing;

/// <summary>The composition root: makes every part, starts them in order, ends them in the opposite order. No logic.</summary>
internal sealed class ObservationParts : IAsyncDisposable
{
    private readonly ObserveOptions _options;
    private readonly SourceStatus _runtimeStatus = new("runtime");
    private readonly SourceStatus _kernelStatus = new("kernel");
    private readonly SourceStatus _procFsStatus = new("procfs");
    private readonly Inbox _runtimeInbox = new(StreamKind.Runtime);
    private readonly Inbox _kernelInbox = new(StreamKind.Scheduler);
    private readonly ConfigurationRegistry _configurations = new();
    private readonly CounterReadings _readings = new();
    private readonly ThreadNames _names = new();
    private readonly AccountSummary _summary;
    private readonly ProcessSummary _process;
    private readonly PreemptorSink _preemptors;
    private readonly WakerSink _wakers;
    private readonly Results _results;
    private readonly NettraceFile? _recording;
    private readonly KernelSource _kernel;
    private readonly WebApplication _server;
    private readonly AccountLog? _log;
    private RuntimeSource? _runtime;
    private RuntimeSinks? _runtimeSinks;
    private FindingsRouter? _router;
    private CounterJoin? _join;
    private Uri? _address;
    private TimelinePump? _pump;
    private ContextSwitchSource? _switches;

    public ObservationParts(ObserveOptions options)
    {
        _options = options;
        _summary = new AccountSummary(_kernelStatus, _runtimeStatus);
        _process = new ProcessSummary(_kernelStatus, _runtimeStatus);
        _preemptors = new PreemptorSink(_names, _kernelStatus);
        _wakers = new WakerSink(_names, _kernelStatus);
        _results = new Results(_summary, Process, _preemptors, _wakers, Sources, () => _configurations.FirstDeclared.IsCompleted);
        _kernel = new KernelSource(_kernelInbox, _kernelStatus, _names);
        _log = options.AccountsFile is { } file ? new AccountLog(file, _kernelStatus, _runtimeStatus) : null;
        _server = MetricsServer.Build("observatory-collector", options.Endpoint, Meters.Collector, Meters.Runtime);
        bool live = options.Live && AnsiConsole.Profile.Out.IsTerminal;
        // A workload that refuses its arguments declares nothing: its one line is then the only one.
        Task begun = options.StartsWorkload ? _configurations.FirstDeclared : Task.CompletedTask;
        Screen = live
            ? new LiveScreen(_summary, Process, Sources, () => $"metrics: {_address}   Ctrl-C to finish")
            : new PlainScreen(_summary, Sources, () => $"metrics: {_address}", begun);
        _recording = options.Runtime.Nettrace is { } path ? new NettraceFile(path, Screen.Log) : null;
    }

    /// <summary>What a person sees while it runs.</summary>
    public IScreen Screen { get; }

    /// <summary>What went wrong inside; null while all is well.</summary>
    public Exception? Failure => _pump?.Failure;

    private IReadOnlyList<SourceStatus> Sources => [_runtimeStatus, _kernelStatus, _procFsStatus];

    /// <summary>Starts everything; when it returns, nothing that the target does is missed.</summary>
    public async Task StartAsync(ITarget target, CancellationToken cancellation)
    {
        _address = await MetricsServer.StartAsync(_server, _options.Endpoint).ConfigureAwait(false);
        DiagnosticsClient client = await target.ConnectAsync(cancellation).ConfigureAwait(false);
        StartPipeline(target.ProcessId);
        _kernel.TryStart(target.ProcessId, _options.Tier);
        Func<int, int> ourThread = new TargetThreadIds(target.ProcessId).OursOf;
        await _runtime!
            .StartAsync(client, ourThread, Tiers.NeedsCounters(_kernelStatus.Tier), cancellation)
            .ConfigureAwait(false);
        target.Resume(client);
    }

    /// <summary>Shows the run until it is time to stop or the target has ended.</summary>
    public async Task ObserveAsync(CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task screen = Screen.ShowAsync(ended.Token);
        await Task.WhenAny(_runtime!.Ended, Task.Delay(Timeout.Infinite, cancellation)).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        await screen.ConfigureAwait(false);
    }

    /// <summary>Ends the sources and lets everything they delivered reach the sinks.</summary>
    public async Task FinishAsync()
    {
        await _runtime!.StopAsync().ConfigureAwait(false);
        _kernel.Dispose();
        _switches?.Dispose();
        _pump?.Finish();
        _join?.Close();
        _router?.Close();
        if (_router is { Undeclared: > 0 }) Screen.Log($"{_router.Undeclared} iterations of undeclared configurations are not shown");
        if (Failure is not null) Screen.Log($"the timeline failed, results are not complete: {Failure}");
    }

    /// <summary>Prints the accounts on standard output.</summary>
    public void PrintResults() => _results.Print(_options.Json, _pump?.Counts ?? new TimelineCounts());

    public async ValueTask DisposeAsync()
    {
        _kernel.Dispose();
        _switches?.Dispose();
        _pump?.Dispose();
        _log?.Dispose();
        _runtimeSinks?.Dispose();
        _recording?.Dispose();
        await _server.DisposeAsync().ConfigureAwait(false);
    }

    private static IEnumerable<IFindingsSink> Optional(IFindingsSink? sink) => sink is null ? [] : [sink];

    private ProcessRow Process() => _process.Row(_pump?.ProcessTimes ?? PoolAccount.None);

    private void StartPipeline(int process)
    {
        IMeterFactory meters = _server.Services.GetRequiredService<IMeterFactory>();
        IFindingsSink[] sinks =
        [
            new CollectorMetrics(meters, _kernelStatus, _runtimeStatus),
            new DetailMetrics(meters, _kernelStatus, _runtimeStatus),
            _summary, _process, _preemptors, _wakers, .. Optional(_log),
        ];
        _router = new FindingsRouter(_configurations, sinks);
        _join = new CounterJoin(_router, _readings, _kernelStatus);
        _pump = new TimelinePump(new Timeline.Timeline(process, _join), [_runtimeInbox, _kernelInbox], () => _router.Incomplete);
        _switches = new ContextSwitchSource(process, _procFsStatus);
        _runtimeSinks = new RuntimeSinks(meters, process, _options.Runtime.Detail, _configurations, _names, _recording);
        _runtime = new RuntimeSource(
            _runtimeInbox, _runtimeStatus, _configurations.Declare, _readings, _runtimeSinks.Handler, _options.Runtime, _recording);
        SourceMetrics.Observe(meters, Sources, _switches);
        MachineMetrics.Observe(meters, process);
        _preemptors.Observe(meters, process);
        new PoolMetrics(() => _pump.ProcessTimes, _kernelStatus, _runtimeStatus).Observe(meters);
        TimelineMetrics.Observe(meters, () => _pump.Counts);
        _pump.Start();
        _switches.Start();
    }
}
