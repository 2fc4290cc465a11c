using System.Diagnostics;
using System.Diagnostics.Metrics;
using Observatory.Contract;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>What stands beside the accounts, by configuration.</summary>
internal sealed class DetailMetrics : IFindingsSink
{
    private readonly SourceStatus _kernel;
    private readonly SourceStatus _runtime;
    private readonly Counter<long> _switches;
    private readonly Counter<long> _migrations;
    private readonly Counter<long> _faults;
    private readonly Counter<double> _faultTime;
    private readonly FaultCost? _faultCost;
    private readonly Counter<double> _poolTime;
    private readonly Counter<double> _blockedFor;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="kernel">Its tier says what is measured.</param>
    /// <param name="runtime">Its tier says whether suspensions are.</param>
    /// <param name="faultCost">What a minor page fault costs; null where that is not known.</param>
    public DetailMetrics(IMeterFactory meters, SourceStatus kernel, SourceStatus runtime, FaultCost? faultCost)
    {
        (_kernel, _runtime, _faultCost) = (kernel, runtime, faultCost);
        Meter meter = meters.Create(Meters.Collector);
        _switches = meter.CreateCounter<long>(
            "observatory.iteration.switches", null, "Context switches of driving threads inside iterations.");
        _migrations = meter.CreateCounter<long>(
            "observatory.iteration.migrations", null, "Times driving threads came to another CPU inside iterations.");
        _faults = meter.CreateCounter<long>(
            "observatory.iteration.page_faults", null, "Page faults of driving threads inside iterations.");
        _faultTime = meter.CreateCounter<double>(
            "observatory.iteration.modelled_fault",
            "s",
            "Modelled CPU time of driving threads' minor page faults inside iterations: their number times observatory_page_fault_cost_seconds.");
        _blockedFor = meter.CreateCounter<double>(
            "observatory.iteration.blocked_for", "s", "Blocked time of driving threads inside iterations, by what it waited for.");
        _poolTime = meter.CreateCounter<double>(
            "observatory.iteration.pool.time", "s", "Thread time of all threads of the target inside iterations, by state.");
    }

    public void IterationClosed(WorkloadConfiguration configuration, in IterationAccount account)
    {
        IterationDetails details = account.Details;
        if (MeasuredDetails.HasCounts(_kernel.Tier, _kernel.HasCounters))
        {
            Add(_switches, details.VoluntarySwitches, configuration, "process_context_switch_type", "voluntary");
            Add(_switches, details.InvoluntarySwitches, configuration, "process_context_switch_type", "involuntary");
            Add(_faults, details.MinorFaults, configuration, "system_paging_fault_type", "minor");
            Add(_faults, details.MajorFaults, configuration, "system_paging_fault_type", "major");
            if (_faultCost is { } cost) _faultTime.Add(details.MinorFaults * cost.Seconds, Tags(configuration));
        }

        if (MeasuredDetails.HasMigrations(_kernel.Tier)) _migrations.Add(details.Migrations, Tags(configuration));
        if (MeasuredDetails.HasBlockedFor(_kernel.Tier)) AddBlocked(configuration, details.Blocked);
        StateTimes pool = details.Pool.Total;
        foreach (AccountState state in StateTimes.States)
        {
            if (!MeasuredDetails.HasPool(_kernel.Tier, _runtime.Tier, state)) continue;
            _poolTime.Add(pool[state].Seconds, Tags(configuration, ConfigurationState, StateNames.Of(state)));
        }
    }

    private const string ConfigurationState = ConfigurationSeries.StateLabel;

    private void AddBlocked(WorkloadConfiguration configuration, BlockedAccount blocked)
    {
        foreach (BlockedFor cause in BlockedAccount.Causes)
            _blockedFor.Add(blocked[cause].Seconds, Tags(configuration, "by", CauseNames.Of(cause)));
    }

    private static void Add(Counter<long> counter, long count, WorkloadConfiguration configuration, string label, string value) =>
        counter.Add(count, Tags(configuration, label, value));

    private static TagList Tags(WorkloadConfiguration configuration) => [.. Labels.Of(configuration)];

    private static TagList Tags(WorkloadConfiguration configuration, string label, string value)
    {
        TagList tags = Tags(configuration);
        tags.Add(label, value);
        return tags;
    }
}
