using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>The way from the inboxes to the sinks: pump, timeline, router.</summary>
internal sealed class FindingsPipeline : IDisposable
{
    private readonly ConfigurationRegistry _configurations;
    private readonly FindingsRouter _router;
    private readonly TimelinePump _pump;

    /// <param name="process">The target.</param>
    /// <param name="inboxes">Where events come from.</param>
    /// <param name="reports">What driving threads tell of themselves.</param>
    /// <param name="kernel">Its tier says what accounts lack.</param>
    /// <param name="configurations">What accounts are of.</param>
    /// <param name="sinks">Where findings go.</param>
    /// <param name="log">Told, in a line, what goes wrong meanwhile.</param>
    /// <param name="seesWholeMachine">False in a pid namespace: there a thread without a number need not be the idle task.</param>
    /// <param name="recorder">Keeps what the timeline consumed; null for nothing.</param>
    /// <param name="units">What is known of requests; null where none are observed.</param>
    public FindingsPipeline(
        int process,
        IReadOnlyList<Inbox> inboxes,
        ThreadReports reports,
        SourceStatus kernel,
        ConfigurationRegistry configurations,
        IReadOnlyList<IFindingsSink> sinks,
        Action<string> log,
        bool seesWholeMachine,
        TraceRecorder? recorder = null,
        UnitObservation? units = null)
    {
        _configurations = configurations;
        _router = new FindingsRouter(
            configurations, recorder is null ? sinks : [recorder, .. sinks, recorder.Last], log, units?.Names, new CounterJoin(reports, kernel));
        var timeline = new Timeline.Timeline(
            process, _router, seesWholeMachine: seesWholeMachine, consumed: recorder is null ? null : recorder.Consume);
        recorder?.Attach(timeline.Checkpoint);
        _pump = new TimelinePump(timeline, inboxes, () => _router.Incomplete, recorder is null ? null : recorder.Visited);
    }

    /// <summary>What went wrong inside; null while all is well.</summary>
    public Exception? Failure => _pump.Failure ?? _router.Failure;

    /// <summary>How the timeline is.</summary>
    public TimelinePump Pump => _pump;

    /// <summary>What the timeline had counted at the last visit.</summary>
    public TimelineCounts Counts => _pump.Counts;

    /// <summary>What the threads of the target had done at the last visit.</summary>
    public PoolAccount ProcessTimes => _pump.ProcessTimes;

    public void Start() => _pump.Start();

    /// <summary>Lets everything that the sources delivered reach the sinks. Sources must have ended before.</summary>
    /// <returns>What is left to say, a line each.</returns>
    public IReadOnlyList<string> Finish()
    {
        _pump.Finish();
        _router.Close();
        List<string> remarks = [];
        if (_router.Undeclared > 0) remarks.Add($"{_router.Undeclared} iterations of undeclared configurations are not shown");
        if (_configurations.HasOther)
            remarks.Add($"more than {ConfigurationRegistry.MostShown} configurations: the first are shown one by one, all others together as 'other'");
        if (_pump.Failure is { } failure) remarks.Add($"the timeline failed, results are not complete: {failure}");
        return remarks;
    }

    public void Dispose() => _pump.Dispose();
}
