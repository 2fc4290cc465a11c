using System.Diagnostics.Metrics;
using Microsoft.Diagnostics.NETCore.Client;
using Observatory.Hosting;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// The composition root of one target: its sources, the pipeline behind them and the recorder beside it. Made when the
/// target is connected, started in the direction of the flow from its end, ended from its beginning. No logic.
/// </summary>
internal sealed class Observation : IAsyncDisposable
{
    /// <summary>A runtime that waits to be resumed does nothing else; only one that is stopped takes so long.</summary>
    private static readonly TimeSpan ResumeLimit = TimeSpan.FromSeconds(10);

    private readonly ObservationHost _host;
    private readonly ITarget _target;
    private readonly DiagnosticsClient _client;
    private readonly TargetMeters _meters = new();
    private readonly TargetThreadIds _threadIds;
    private readonly ThreadReports _reports;
    private readonly KernelSource _kernel;
    private readonly RuntimeSource _runtime;
    private readonly ActivityKeeper _activities;
    private readonly ContextSwitchSource _switches;
    private readonly TargetConditions _conditions;
    private readonly TargetLooks _looks;
    private readonly FindingsPipeline _pipeline;
    private readonly FlightRecorder? _recorder;

    private Observation(ObservationHost host, ITarget target, DiagnosticsClient client)
    {
        (_host, _target, _client) = (host, target, client);
        int process = target.ProcessId;
        ObserveOptions options = host.Options;
        SourceStatuses statuses = host.Statuses;
        CauseSink causes = host.Results.Causes;
        var runtimeInbox = new Inbox(StreamKind.Runtime);
        var kernelInbox = new Inbox(StreamKind.Scheduler);
        TargetName = $"{host.Names.NameOf(process)} ({process})";
        host.Configurations.BeginTarget();
        _threadIds = new TargetThreadIds(process);
        _reports = new ThreadReports(new CounterReadings(), new CounterGroups(host.Counters, host.Screen.Log));
        _conditions = new TargetConditions(process);
        _recorder = FlightRecorder.TryCreate(
            options, new TraceContext(process, host.Names, host.Configurations, host.Units.Names, statuses), host.Traces, host.Screen.Log, causes, _conditions);
        _pipeline = new FindingsPipeline(
            process,
            [runtimeInbox, kernelInbox],
            _reports,
            statuses.Kernel,
            host.Configurations,
            host.Sinks,
            host.Screen.Log,
            seesWholeMachine: PidNamespace.IsInitial(),
            _recorder?.Recorder,
            host.Units);
        _looks = new TargetLooks(host.Screen.Log);
        _switches = new ContextSwitchSource(process, statuses.ProcFs);
        host.RuntimeMetrics.Begin(process);
        IRuntimeEventHandler?[] handlers = [.. host.RuntimeMetrics.Handlers, causes, _recorder?.Handler, host.Soak?.Sampler];
        IRuntimeEventHandler instruments = TargetInstruments.Create(
            _meters, process, options.Runtime.DetailAt(options.Runtime.Units), _looks, handlers.OfType<IRuntimeEventHandler>());
        _runtime = new RuntimeSource(
            runtimeInbox, statuses.Runtime, host.Configurations.Declare, _reports, instruments, options.Runtime, host.Units, host.Files.Recording, host.Screen.Log);
        host.Units.Activities.Begin();
        _activities = new ActivityKeeper(client, process, host.Units.Activities, host.Screen.Log);
        _kernel = new KernelSource(kernelInbox, statuses.Kernel, host.Names, host.Effect?.NewPauses());
    }

    /// <summary>What the target is called, for people.</summary>
    public string TargetName { get; }

    /// <summary>The target's process id.</summary>
    public int ProcessId => _target.ProcessId;

    /// <summary>Captures traces; null where none are wanted.</summary>
    public TraceRecorder? Recorder => _recorder?.Recorder;

    /// <summary>How the timeline is.</summary>
    public TimelinePump Pump => _pipeline.Pump;

    /// <summary>What the timeline has counted.</summary>
    public TimelineCounts Counts => _pipeline.Counts;

    /// <summary>What the threads of the target have done.</summary>
    public PoolAccount ProcessTimes => _pipeline.ProcessTimes;

    /// <summary>True while nothing between sources and sinks has failed.</summary>
    public bool IsWell => _pipeline.Failure is null;

    /// <summary>Completes when nothing more will come: the target has ended, or the timeline has failed.</summary>
    public Task Ended => Task.WhenAny(_runtime.Ended, _pipeline.Pump.Failed);

    /// <summary>Connects the target and makes what observes it; nothing of that runs yet.</summary>
    /// <exception cref="UsageException">Its events could not be joined with the kernel's.</exception>
    public static async Task<Observation> ConnectAsync(ObservationHost host, ITarget target, CancellationToken cancellation)
    {
        DiagnosticsClient client = await target.ConnectAsync(cancellation).ConfigureAwait(false);
        RequireOneClock(target.ProcessId);
        return new Observation(host, target, client);
    }

    /// <summary>Has the target collect all of its garbage.</summary>
    /// <returns>Why it did not; null where it did.</returns>
    public Task<string?> CollectAsync() => FullCollection.AskAsync(_client);

    /// <summary>Starts everything and lets the target go; nothing that it does from then on is missed.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        int process = _target.ProcessId;
        _conditions.Begin(_looks);
        _host.Results.Causes.Begin(process, _conditions);
        _host.Results.Preemptors.Begin(process);
        _recorder?.Start(_meters, _looks);
        _switches.Begin(_looks);
        Instrumentation.ObserveTarget(_meters, process, _switches, _host.FaultCost);
        _host.Enter(this);
        _pipeline.Start();
        _looks.Start();
        _kernel.TryStart(process, _host.Options.Tier, _threadIds.End);
        var extras = new SessionExtras(Tiers.NeedsCounters(_host.Statuses.Kernel.Tier), _reports.Groups.Wanted, !_target.HasHeartbeat);
        await _runtime.StartAsync(_client, _threadIds.OursOf, extras, cancellation).ConfigureAwait(false);
        _activities.Start();
        await Task.Run(() => _target.Resume(_client), cancellation).WaitAsync(ResumeLimit, cancellation).ConfigureAwait(false);
    }

    /// <summary>Ends the sources and lets everything they delivered reach the sinks.</summary>
    public async Task FinishAsync()
    {
        await _activities.StopAsync().ConfigureAwait(false);
        if (!await _runtime.StopAsync().ConfigureAwait(false))
            _host.Screen.Log("the runtime of the target did not answer when it was told to stop: events it had not sent by then are missing");
        else if (_runtime.BrokeOff is { } how)
            _host.Screen.Log($"{TargetName}: {how}; events it had not sent by then are missing");
        _kernel.Dispose();
        _switches.Dispose();
        foreach (string line in _pipeline.Finish()) _host.Screen.Log(line);
        _recorder?.Finish();
        _host.Leave(this);
    }

    public async ValueTask DisposeAsync()
    {
        // Where something failed after it was opened: the target should not go on sending.
        await _activities.DisposeAsync().ConfigureAwait(false);
        await _runtime.StopAsync().ConfigureAwait(false);
        _kernel.Dispose();
        _switches.Dispose();
        _looks.Dispose();
        _conditions.Dispose();
        _pipeline.Dispose();
        _recorder?.Dispose();
        _host.Leave(this);
        _meters.Dispose();
    }

    private static void RequireOneClock(int target)
    {
        foreach (int process in (int[])[target, Environment.ProcessId])
        {
            if (TimeNamespace.ReadMonotonicOffset(process) is not ({ } offset and not 0)) continue;
            throw new UsageException(
                $"Process {process} is in a time namespace whose monotonic clock is {offset / 1e9:0.###} s off the kernel's own, so that its "
                + "events cannot be joined with the kernel's. Run the target and the collector outside of it (time_namespaces(7)).");
        }
    }
}

/// <summary>The meters of one target: the series of a process that is gone go with it.</summary>
internal sealed class TargetMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _meters.ForEach(meter => meter.Dispose());
}
