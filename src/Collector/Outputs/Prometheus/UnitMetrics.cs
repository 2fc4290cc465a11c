using System.Diagnostics.Metrics;
using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Requests, by their name. A series appears with the first request of its name.</summary>
internal sealed class UnitMetrics : IFindingsSink
{
    /// <summary>Label with the name.</summary>
    public const string Unit = "unit";

    private readonly Dictionary<int, ConfigurationLabels> _labels = [];
    private readonly SourceStatus _kernel;
    private readonly SourceStatus _runtime;
    private readonly Histogram<double> _duration;
    private readonly Counter<double> _time;
    private readonly Counter<double> _cpu;
    private readonly Counter<long> _segments;
    private readonly Counter<long> _units;
    private readonly Counter<long> _incomplete;
    private readonly Counter<long> _switches;
    private readonly Counter<long> _faults;
    private readonly Counter<double> _blockedFor;
    private readonly Counter<double> _awaitedFor;
    private bool _hasIncomplete;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="kernel">Its tier says which states are measured.</param>
    /// <param name="runtime">Its tier says whether suspensions are.</param>
    public UnitMetrics(IMeterFactory meters, SourceStatus kernel, SourceStatus runtime)
    {
        (_kernel, _runtime) = (kernel, runtime);
        Meter meter = meters.Create(Meters.Collector);
        _duration = meter.CreateSeconds(
            "observatory.unit.duration", "Wall time of a request, from the server's start of it to its end.", Buckets.IterationSeconds);
        _time = meter.CreateCounter<double>(
            "observatory.unit.time", "s", "Wall time of requests, by the state of the thread that worked on them, or by what they waited for while none did.");
        _cpu = meter.CreateCounter<double>(
            "observatory.unit.cpu", "s", "CPU time of all threads that worked on requests, also of those that did so at the same time.");
        _segments = meter.CreateCounter<long>("observatory.unit.segments", null, "Times a thread began to work on a request.");
        _units = meter.CreateCounter<long>("observatory.units", null, "Requests that have ended; complete: nothing is missing from their account.");
        _incomplete = meter.CreateCounter<long>(
            "observatory.units.incomplete", null, "Requests whose account is incomplete, by the most telling reason.");
        _switches = meter.CreateCounter<long>("observatory.unit.switches", null, "Context switches of threads while they worked on requests.");
        _faults = meter.CreateCounter<long>("observatory.unit.page_faults", null, "Page faults of threads while they worked on requests.");
        _blockedFor = meter.CreateCounter<double>(
            "observatory.unit.blocked_for", "s", "Blocked time of requests, by what it waited for.");
        _awaitedFor = meter.CreateCounter<double>(
            "observatory.unit.awaited_for", "s", "Time in which requests awaited something and no thread worked on them, by the operation that was under way: docs/units.md.");
    }

    /// <summary>Makes the instruments that are asked at each scrape.</summary>
    public static void Observe(IMeterFactory meters, UnitObservation units)
    {
        if (units.Level == UnitLevel.Off) return;
        Meter meter = meters.Create(Meters.Collector);
        meter.CreateObservableGauge("observatory.units.open", () => units.Open, null, "Requests that have begun and not ended.");
        meter.CreateObservableGauge(
            "observatory.units.names", () => units.Names.Count, null, "Names under which requests are shown, including other, which stands for the rest.");
        meter.CreateObservableGauge(
            "observatory.units.level",
            () => Enum.GetValues<UnitLevel>().Select(level => new Measurement<int>(
                level == units.Level ? 1 : 0, new KeyValuePair<string, object?>("level", UnitObservation.NameOf(level)))),
            null,
            "1 for the level at which requests are observed.");
        meter.CreateObservableCounter(
            "observatory.units.steps",
            () => UnitObservation.AllSteps.Select(reason => new Measurement<long>(
                units.Steps(reason), new KeyValuePair<string, object?>("reason", LabelText.From(reason)))),
            null,
            "Steps down to the next lower level of requests: more events told of them than --units-limit allows (rate), or events were lost (loss).");
        meter.CreateObservableCounter(
            "observatory.unit.problems",
            () => UnitObservation.AllProblems.Select(problem => new Measurement<long>(
                units[problem], new KeyValuePair<string, object?>("reason", UnitObservation.NameOf(problem)))),
            null,
            "Requests, or parts of them, that have no account, by reason: docs/units.md.");
        if (units.Activities.Any) Observe(meter, units.Activities);
    }

    private static void Observe(Meter meter, ActivityRequests activities)
    {
        meter.CreateObservableGauge(
            "observatory.unit.activity_sources",
            () =>
            {
                (int observed, int withdrawn, int taken) = activities.Count();
                return new Measurement<int>[] { InState(observed, "observed"), InState(withdrawn, "withdrawn"), InState(taken, "taken") };
            },
            null,
            "Sources of --unit activity:SOURCE, by whether their activities are seen: docs/units.md.");
        meter.CreateObservableCounter(
            "observatory.unit.activity_losses",
            () => ActivityRequests.AllLosses.Select(why => new Measurement<long>(
                activities[why], new KeyValuePair<string, object?>(ConfigurationLabels.ReasonLabel, ActivityRequests.NameOf(why)))),
            null,
            "Times that the activities of a source came to be seen no more, by reason: docs/units.md.");

        static Measurement<int> InState(int sources, string state) => new(sources, new KeyValuePair<string, object?>(ConfigurationLabels.State, state));
    }

    public void RequestClosed(RequestName name, in UnitAccount account)
    {
        ConfigurationLabels labels = LabelsOf(name);
        _duration.Record(account.Wall.Seconds, labels.Own);
        _units.Add(1, labels.With("complete", account.IsComplete ? "true" : "false"));
        if (!account.IsComplete) CountIncomplete(account.Reasons);
        foreach (AccountState state in StateTimes.UnitStates)
        {
            // Nothing is shown as zero that was not measured.
            Duration time = account.Times[state];
            bool isMeasured = account.IsComplete && Measured.HasState(_kernel, _runtime, state);
            if (isMeasured || time > Duration.Zero) _time.Add(time.Seconds, labels.With(ConfigurationLabels.State, Names.State(state)));
        }

        if (Measured.HasState(_kernel, _runtime, AccountState.Running)) _cpu.Add(account.Details.Work[AccountState.Running].Seconds, labels.Own);
        _segments.Add(account.Segments, labels.Own);
        // Without segments it is not known that it awaited anything.
        if (account.Segments > 0) AddAwaited(labels, account.Details.Awaited);
        AddDetails(labels, account.Details);
    }

    private void AddAwaited(ConfigurationLabels labels, in AwaitedTimes awaited)
    {
        foreach (AwaitedFor kind in AwaitedTimes.Kinds) _awaitedFor.Add(awaited[kind].Seconds, labels.With("by", Names.Awaited(kind)));
    }

    private void AddDetails(ConfigurationLabels labels, UnitDetails details)
    {
        if (Measured.HasPool(_kernel.Tier))
        {
            _switches.Add(details.VoluntarySwitches, labels.With("process_context_switch_type", "voluntary"));
            _switches.Add(details.InvoluntarySwitches, labels.With("process_context_switch_type", "involuntary"));
            _faults.Add(details.MinorFaults, labels.With("system_paging_fault_type", "minor"));
            _faults.Add(details.MajorFaults, labels.With("system_paging_fault_type", "major"));
        }

        if (!Measured.HasBlockedFor(_kernel.Tier)) return;
        foreach (BlockedFor cause in BlockedAccount.Causes)
            _blockedFor.Add(details.Blocked[cause].Seconds, labels.With("by", Names.BlockedCause(cause)));
    }

    private void CountIncomplete(IncompleteReasons reasons)
    {
        // A series that began with its first count would hide that count from increase().
        if (!_hasIncomplete)
        {
            foreach (IncompleteReasons reason in Names.ReasonsByWeight) _incomplete.Add(0, Reason(reason));
        }

        _hasIncomplete = true;
        _incomplete.Add(1, Reason(Names.MainReason(reasons)));
    }

    private static KeyValuePair<string, object?> Reason(IncompleteReasons reason) =>
        new(ConfigurationLabels.ReasonLabel, Names.Reason(reason));

    private ConfigurationLabels LabelsOf(RequestName name)
    {
        if (_labels.TryGetValue(name.Index, out ConfigurationLabels? labels)) return labels;
        return _labels[name.Index] = new ConfigurationLabels(new KeyValuePair<string, object?>(Unit, name.Text));
    }
}
