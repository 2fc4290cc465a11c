using System.Diagnostics.Metrics;
using System.Diagnostics;
using Observatory.Contract;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Counts and times besides the split, by configuration: asked at each scrape, because it is added up already.</summary>
/// <param name="sums">Accounts by configuration.</param>
/// <param name="kernel">Its tier says what is measured.</param>
/// <param name="runtime">Its tier says whether suspensions are.</param>
/// <param name="faultCost">What a minor page fault costs; null where that is not known.</param>
internal sealed class DetailMetrics(
    Func<IReadOnlyList<AccountSums>> sums, SourceStatus kernel, SourceStatus runtime, FaultCost? faultCost)
{
    private const string SwitchType = "process_context_switch_type";
    private const string FaultType = "system_paging_fault_type";

    public void Observe(IMeterFactory meters)
    {
        Meter meter = meters.Create(Meters.Collector);
        meter.CreateObservableCounter(
            "observatory.iteration.switches", () => Of(HasCounts, Switches), null, "Context switches of driving threads inside iterations.");
        meter.CreateObservableCounter(
            "observatory.iteration.migrations",
            () => Of<long>(Measured.HasMigrations(kernel.Tier), row => [new(row.Details.Migrations, row.Labels)]),
            null,
            "Times driving threads moved to another CPU inside iterations.");
        meter.CreateObservableCounter(
            "observatory.iteration.page_faults", () => Of(HasCounts, Faults), null, "Page faults of driving threads inside iterations.");
        meter.CreateObservableCounter(
            "observatory.iteration.modelled_fault",
            () => Of<double>(HasCounts && faultCost is not null, row => [new(row.Details.MinorFaults * faultCost!.Seconds, row.Labels)]),
            "s",
            "Modelled CPU time of driving threads' minor page faults inside iterations: their number times observatory_page_fault_cost_seconds.");
        meter.CreateObservableCounter(
            "observatory.iteration.blocked_for",
            () => Of(Measured.HasBlockedFor(kernel.Tier), BlockedTimes),
            "s",
            "Blocked time of driving threads inside iterations, by what it waited for.");
        meter.CreateObservableCounter(
            "observatory.iteration.pool.time",
            () => Of(Measured.HasPool(kernel.Tier), PoolTimes),
            "s",
            "Thread time of all threads of the target inside iterations, by state.");
    }

    private bool HasCounts => Measured.HasCounts(kernel.Tier, kernel.HasCounters);

    private IEnumerable<Measurement<T>> Of<T>(bool isMeasured, Func<AccountSums, IEnumerable<Measurement<T>>> measure)
        where T : struct => isMeasured ? sums().SelectMany(measure) : [];

    private static Measurement<long>[] Switches(AccountSums row) =>
    [
        row.Measure(row.Details.VoluntarySwitches, SwitchType, "voluntary"),
        row.Measure(row.Details.InvoluntarySwitches, SwitchType, "involuntary"),
    ];

    private static Measurement<long>[] Faults(AccountSums row) =>
    [
        row.Measure(row.Details.MinorFaults, FaultType, "minor"),
        row.Measure(row.Details.MajorFaults, FaultType, "major"),
    ];

    private static IEnumerable<Measurement<double>> BlockedTimes(AccountSums row) =>
        BlockedAccount.Causes.Select(cause => row.Measure(row.Details.Blocked(cause).Seconds, "by", Names.BlockedCause(cause)));

    private IEnumerable<Measurement<double>> PoolTimes(AccountSums row)
    {
        StateTimes pool = row.Details.PoolTotal;
        return StateTimes.States.Where(state => Measured.HasPool(kernel.Tier, runtime.Tier, state))
            .Select(state => row.Measure(pool[state].Seconds, ConfigurationLabels.State, Names.State(state)));
    }
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
