using System.Diagnostics.Metrics;
using Microsoft.Diagnostics.NETCore.Client;
using Observatory.Collector.CommandLine;
using Observatory.Collector.Pipeline;
using Observatory.Collector.Sinks.Accounts;
using Observatory.Collector.Sinks.Json;
using Observatory.Collector.Sinks.Metrics;
using Observatory.Collector.Sinks.Preemptors;
using Observatory.Collector.Sinks.Summary;
using Observatory.Collector.Sinks.Terminal;
using Observatory.Collector.Sources;
using Observatory.Collector.Sources.Kernel;
using Observatory.Collector.Sources.ProcFs;
using Observatory.Collector.Sources.Runtime;
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
    private readonly PreemptorSink _preemptors;
    private readonly RuntimeSource _runtime;
    private readonly KernelSource _kernel;
    private readonly WebApplication _server;
    private readonly AccountLog? _log;
    private FindingsRouter? _router;
    private CounterJoin? _join;
    private Uri? _address;
    private TimelinePump? _pump;
    private ContextSwitchSource? _switches;

    public ObservationParts(ObserveOptions options)
    {
        _options = options;
        _summary = new AccountSummary(_kernelStatus);
        _preemptors = new PreemptorSink(_names, _kernelStatus);
        _runtime = new RuntimeSource(_runtimeInbox, _runtimeStatus, _configurations.Declare, _readings);
        _kernel = new KernelSource(_kernelInbox, _kernelStatus, _names);
        _log = options.AccountsFile is { } file ? new AccountLog(file) : null;
        _server = MetricsServer.Build("observatory-collector", options.Endpoint, Meters.Collector, Meters.Runtime);
        bool live = options.Live && AnsiConsole.Profile.Out.IsTerminal;
        // A workload that refuses its arguments declares nothing: its one line is then the only one.
        Task begun = options.StartsWorkload ? _configurations.FirstDeclared : Task.CompletedTask;
        Screen = live
            ? new LiveScreen(_summary, Sources, () => $"metrics: {_address}   Ctrl-C to finish")
            : new PlainScreen(_summary, Sources, () => $"metrics: {_address}", begun);
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
        await _runtime
            .StartAsync(
                client, new TargetThreadIds(target.ProcessId).OursOf, Tiers.NeedsCounters(_kernelStatus.Tier), cancellation)
            .ConfigureAwait(false);
        target.Resume(client);
    }

    /// <summary>Shows the run until it is time to stop or the target has ended.</summary>
    public async Task ObserveAsync(CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task screen = Screen.ShowAsync(ended.Token);
        await Task.WhenAny(_runtime.Ended, Task.Delay(Timeout.Infinite, cancellation)).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        await screen.ConfigureAwait(false);
    }

    /// <summary>Ends the sources and lets everything they delivered reach the sinks.</summary>
    public async Task FinishAsync()
    {
        await _runtime.StopAsync().ConfigureAwait(false);
        _kernel.Dispose();
        _switches?.Dispose();
        _pump?.Finish();
        _join?.Close();
        _router?.Close();
        if (_router is { Undeclared: > 0 }) Screen.Log($"{_router.Undeclared} iterations of undeclared configurations are not shown");
        if (Failure is not null) Screen.Log($"the timeline failed, results are not complete: {Failure}");
    }

    /// <summary>Prints the accounts on standard output.</summary>
    public void PrintResults()
    {
        IReadOnlyList<SummaryRow> rows = _summary.Rows();
        if (_options.Json) Console.WriteLine(AccountsJson.Write(rows, Sources, _pump?.Counts ?? new TimelineCounts(), _preemptors.Totals()));
        else if (rows.Count == 0) NoIterations.Write(Console.Out, Sources, _configurations.FirstDeclared.IsCompleted);
        else if (AnsiConsole.Profile.Out.IsTerminal) AnsiConsole.Write(RichTable.Build(rows, Sources, int.MaxValue));
        else PlainTable.Write(Console.Out, rows, Sources);
        if (!_options.Json && _preemptors.Totals() is { Count: > 0 } waits) Console.WriteLine(Header.Preemptors(waits));
    }

    public async ValueTask DisposeAsync()
    {
        _kernel.Dispose();
        _switches?.Dispose();
        _pump?.Dispose();
        _log?.Dispose();
        await _server.DisposeAsync().ConfigureAwait(false);
    }

    private static IEnumerable<IFindingsSink> Optional(IFindingsSink? sink) => sink is null ? [] : [sink];

    private void StartPipeline(int process)
    {
        IMeterFactory meters = _server.Services.GetRequiredService<IMeterFactory>();
        IFindingsSink[] sinks = [new CollectorMetrics(meters, _kernelStatus), _summary, _preemptors, .. Optional(_log)];
        _router = new FindingsRouter(_configurations, sinks);
        _join = new CounterJoin(_router, _readings, _kernelStatus);
        _pump = new TimelinePump(new Timeline.Timeline(process, _join), [_runtimeInbox, _kernelInbox]);
        _switches = new ContextSwitchSource(process, _procFsStatus);
        SourceMetrics.Observe(meters, Sources, _switches);
        MachineMetrics.Observe(meters, process);
        _preemptors.Observe(meters);
        TimelineMetrics.Observe(meters, () => _pump.Counts);
        _pump.Start();
        _switches.Start();
    }
}
