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
    private readonly ObserveOptions _options;
    private readonly SourceStatuses _statuses = new();
    private readonly Inbox _runtimeInbox = new(StreamKind.Runtime);
    private readonly Inbox _kernelInbox = new(StreamKind.Scheduler);
    private readonly ConfigurationRegistry _configurations = new();
    private readonly ThreadNames _names = new(PidNamespace.IsInitial());
    private readonly FaultCost? _faultCost;
    private readonly ResultSinks _found;
    private readonly ObservationResults _results;
    private readonly NettraceFile? _recording;
    private readonly KernelSource _kernel;
    private readonly WebApplication _server;
    private ThreadReports? _reports;
    private RuntimeSource? _runtime;
    private RuntimeInstruments? _runtimeSinks;
    private FindingsPipeline? _pipeline;
    private ContextSwitchSource? _switches;
    private Uri? _address;

    public ObservationParts(ObserveOptions options)
    {
        _options = options;
        _faultCost = FaultCalibration.Measure();
        _found = new ResultSinks(options, _names, _statuses, _faultCost);
        _results = new ObservationResults(_found, Process, _statuses.All, () => _configurations.FirstDeclared.IsCompleted);
        _kernel = new KernelSource(_kernelInbox, _statuses.Kernel, _names);
        _server = MetricsServer.Build(
            "observatory-collector", options.Endpoint, line => Screen!.Log(line), Contract.Meters.Collector, Contract.Meters.Runtime);
        // A workload that refuses its arguments declares nothing: its one line is then the only one.
        Task begun = options.StartsWorkload ? _configurations.FirstDeclared : Task.CompletedTask;
        Screen = Screens.Choose(options.Live, _found.Accounts, Process, _statuses.All, () => _address, begun);
        _recording = options.Runtime.Nettrace is { } path ? new NettraceFile(path, Screen.Log) : null;
    }

    /// <summary>What a person sees while it runs.</summary>
    public IScreen Screen { get; }

    /// <summary>What went wrong inside; null while all is well.</summary>
    public Exception? Failure => _pipeline?.Failure;

    /// <summary>Starts everything; when it returns, nothing that the target does is missed.</summary>
    public async Task StartAsync(ITarget target, CancellationToken cancellation)
    {
        Instrumentation.ObserveCollector(Meters, _statuses);
        _address = await MetricsServer.StartAsync(_server, _options.Endpoint).ConfigureAwait(false);
        DiagnosticsClient client = await target.ConnectAsync(cancellation).ConfigureAwait(false);
        StartPipeline(target.ProcessId);
        _kernel.TryStart(target.ProcessId, _options.Tier);
        Func<int, int> ourThread = new TargetThreadIds(target.ProcessId).OursOf;
        var extras = new SessionExtras(Tiers.NeedsCounters(_statuses.Kernel.Tier), _reports!.Groups.Wanted, !target.HasHeartbeat);
        await _runtime!.StartAsync(client, ourThread, extras, cancellation).ConfigureAwait(false);
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
        foreach (string line in _pipeline?.Finish() ?? []) Screen.Log(line);
    }

    /// <summary>Prints the accounts on standard output.</summary>
    public void PrintResults() => _results.Print(_options.Json, _pipeline?.Counts ?? new TimelineCounts());

    public async ValueTask DisposeAsync()
    {
        _kernel.Dispose();
        _switches?.Dispose();
        _pipeline?.Dispose();
        _found.Dispose();
        _runtimeSinks?.Dispose();
        _recording?.Dispose();
        await _server.DisposeAsync().ConfigureAwait(false);
    }

    private IMeterFactory Meters => _server.Services.GetRequiredService<IMeterFactory>();

    private ProcessRow Process() => _found.Process.Row(_pipeline?.ProcessTimes ?? PoolAccount.None);

    private void StartPipeline(int process)
    {
        CounterSet? counters = CounterChoice.Choose(_options.Counters, Screen.Note);
        _reports = new ThreadReports(new CounterReadings(), new CounterGroups(counters, Screen.Log));
        _pipeline = new FindingsPipeline(
            process, [_runtimeInbox, _kernelInbox], _reports, _statuses.Kernel, _configurations, [.. Instrumentation.Sinks(Meters, _statuses, _faultCost), .. _found.All]);
        _switches = new ContextSwitchSource(process, _statuses.ProcFs);
        _runtimeSinks = new RuntimeInstruments(Meters, process, _options.Runtime.Detail, _configurations, _names, _recording);
        _runtime = new RuntimeSource(
            _runtimeInbox, _statuses.Runtime, _configurations.Declare, _reports, _runtimeSinks.Handler, _options.Runtime, _recording);
        Instrumentation.ObserveTarget(Meters, process, _statuses, _switches, _faultCost, _found.Preemptors, _pipeline);
        _pipeline.Start();
        _switches.Start();
    }
}
