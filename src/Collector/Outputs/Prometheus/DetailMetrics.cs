using System.Diagnostics.Metrics;
using System.Diagnostics;
using Observatory.Contract;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>What stands beside the accounts, by configuration.</summary>
internal sealed class DetailMetrics : IFindingsSink
{
    private readonly ConfigurationLabelSets _labels = new();
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

    public void IterationClosed(WorkloadConfiguration configuration, in UnitAccount account)
    {
        UnitDetails details = account.Details;
        ConfigurationLabels labels = _labels.For(configuration);
        if (Measured.HasCounts(_kernel.Tier, _kernel.HasCounters))
        {
            Add(_switches, details.VoluntarySwitches, labels, "process_context_switch_type", "voluntary");
            Add(_switches, details.InvoluntarySwitches, labels, "process_context_switch_type", "involuntary");
            Add(_faults, details.MinorFaults, labels, "system_paging_fault_type", "minor");
            Add(_faults, details.MajorFaults, labels, "system_paging_fault_type", "major");
            if (_faultCost is { } cost) _faultTime.Add(details.MinorFaults * cost.Seconds, labels.Own);
        }

        if (Measured.HasMigrations(_kernel.Tier)) _migrations.Add(details.Migrations, labels.Own);
        if (Measured.HasBlockedFor(_kernel.Tier)) AddBlocked(labels, details.Blocked);
        StateTimes pool = details.Pool.Total;
        foreach (AccountState state in StateTimes.States)
        {
            if (!Measured.HasPool(_kernel.Tier, _runtime.Tier, state)) continue;
            _poolTime.Add(pool[state].Seconds, labels.With(state));
        }
    }

    private void AddBlocked(ConfigurationLabels labels, BlockedAccount blocked)
    {
        foreach (BlockedFor cause in BlockedAccount.Causes)
            _blockedFor.Add(blocked[cause].Seconds, labels.With("by", Names.BlockedCause(cause)));
    }

    private static void Add(Counter<long> counter, long count, ConfigurationLabels labels, string label, string value) =>
        counter.Add(count, labels.With(label, value));
}

/// <summary>
/// Hardware counters of driving threads, by configuration. What was not counted has no series. The software set has none
/// either: what it counts, other metrics have of every machine.
/// </summary>
internal sealed class CounterMetrics : IFindingsSink
{
    private readonly ConfigurationLabelSets _labels = new();
    private readonly Counter<long> _cycles;
    private readonly Counter<long> _instructions;
    private readonly Counter<long> _misses;
    private readonly Counter<long> _iterations;

    /// <param name="meters">Makes the meter.</param>
    public CounterMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(Meters.Collector);
        _cycles = meter.CreateCounter<long>(
            "observatory.iteration.cpu.cycles", null, "CPU cycles of driving threads inside iterations, in user mode.");
        _instructions = meter.CreateCounter<long>(
            "observatory.iteration.instructions", null, "Instructions of driving threads inside iterations, in user mode.");
        _misses = meter.CreateCounter<long>(
            "observatory.iteration.cache.misses", null, "Misses of driving threads inside iterations, in user mode: last-level cache, data TLB.");
        _iterations = meter.CreateCounter<long>(
            "observatory.iterations.counted", null, "Iterations whose hardware counters were read; scaled: others shared the counters.");
    }

    public void IterationClosed(WorkloadConfiguration configuration, in UnitAccount account)
    {
        if (account.Details.Counted is not { } counted || counted.Set != CounterSet.Hardware.Name) return;
        ConfigurationLabels labels = _labels.For(configuration);
        Add(_cycles, counted.Values[0], labels.Own);
        Add(_instructions, counted.Values[1], labels.Own);
        Add(_misses, counted.Values[2], labels.With("cache", "last_level"));
        Add(_misses, counted.Values[3], labels.With("cache", "data_tlb"));
        _iterations.Add(1, labels.With("scaled", counted.CountedShare < 1 ? "true" : "false"));
    }

    private static void Add(Counter<long> counter, long? value, in TagList tags)
    {
        if (value is { } counted) counter.Add(counted, tags);
    }
}
