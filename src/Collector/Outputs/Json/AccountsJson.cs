using System.Text.Json.Serialization;
using System.Text.Json;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>The final accounts as one JSON object. Times are seconds.</summary>
internal static class AccountsJson
{
    /// <param name="rows">The configurations.</param>
    /// <param name="sources">Where they were seen.</param>
    /// <param name="timeline">What could not be accounted for.</param>
    /// <param name="preemptors">Nanoseconds that threads of the target waited, by the command that held their CPU.</param>
    /// <param name="process">The target as a whole.</param>
    /// <param name="faultCost">What a minor page fault costs; null where that is not known.</param>
    /// <param name="why">The causes.</param>
    /// <param name="units">What is known of requests besides their accounts; null where none are observed.</param>
    /// <param name="effect">What observing does to the target; null where that is not measured.</param>
    /// <param name="wakers">Nanoseconds that driving threads were blocked, by what they waited for.</param>
    public static string Write(
        IReadOnlyList<SummaryRow> rows,
        IReadOnlyList<SourceStatus> sources,
        TimelineCounts timeline,
        IReadOnlyList<KeyValuePair<string, long>> preemptors,
        ProcessRow process,
        IReadOnlyList<KeyValuePair<WakerName, long>> wakers,
        FaultCost? faultCost,
        WhyReport? why = null,
        UnitObservation? units = null,
        EffectFinding? effect = null)
    {
        var document = new AccountsDocument(
            [.. rows.Where(row => row.Request is null).Select(ToConfiguration)],
            [.. rows.Where(row => row.Request is not null).Select(UnitDocument.From)],
            UnitSourceDocument.From(units),
            [.. sources.Select(ToSource)],
            timeline,
            [.. preemptors.Select(pair => new PreemptorDocument(pair.Key, pair.Value / 1e9))],
            [.. wakers.Select(pair => new WakerDocument(pair.Key.Thread, CauseOf(pair.Key), pair.Value / 1e9))],
            ProcessDocument.From(process),
            CalibrationDocument.From(faultCost),
            why,
            EffectDocument.From(effect));
        return JsonSerializer.Serialize(document, AccountsJsonContext.Default.AccountsDocument);
    }

    private static ConfigurationDocument ToConfiguration(SummaryRow row) => new(
        row.Configuration.Operation,
        row.Configuration.BatchSize,
        row.Configuration.SequenceLength,
        row.Configuration.EmbeddingDim,
        row.Configuration.DataType,
        row.Configuration.Threads,
        row.Iterations,
        row.Incomplete,
        Reasons(row),
        Latency(row),
        row.Wall.Seconds,
        Seconds(row),
        DetailsDocument.From(row),
        CountersDocument.From(row),
        Measured.HasBlockedFor(row.KernelTier) ? BlockedFor(row.Details) : null,
        PoolDocument.From(row));

    internal static Dictionary<string, long> Reasons(SummaryRow row) =>
        row.IncompleteBecause.OrderBy(pair => pair.Key).ToDictionary(pair => Names.Reason(pair.Key), pair => pair.Value);

    internal static LatencyDocument Latency(SummaryRow row) => new(row.Median.Seconds, row.P95.Seconds, row.P99.Seconds);

    internal static Dictionary<string, double?> Seconds(SummaryRow row) =>
        row.States.ToDictionary(Names.State, state => row.Measures(state) ? row.Times[state].Seconds : (double?)null);

    internal static Dictionary<string, double?> BlockedFor(DetailTotals totals) =>
        BlockedAccount.Causes.ToDictionary(Names.BlockedCause, cause => (double?)totals.Blocked(cause).Seconds);

    private static string? CauseOf(WakerName waker) => waker.Cause is { } cause ? Names.BlockedCause(cause) : null;

    private static SourceDocument ToSource(SourceStatus source) =>
        new(source.Name, source.Tier, source.WasUp, source.Events, source.Lost, source.Missing);
}

internal sealed record AccountsDocument(
    IReadOnlyList<ConfigurationDocument> Configurations,
    IReadOnlyList<UnitDocument> Units,
    UnitSourceDocument? UnitSource,
    IReadOnlyList<SourceDocument> Sources,
    TimelineCounts Timeline,
    IReadOnlyList<PreemptorDocument> PreemptedBy,
    IReadOnlyList<WakerDocument> BlockedFor,
    ProcessDocument Process,
    CalibrationDocument? Calibration,
    WhyReport? Why,
    EffectDocument? ObserverEffect);

/// <summary>What observing does to the target.</summary>
/// <param name="Ratio">Time of units observed over that in pauses of observation; null while it is not known.</param>
/// <param name="Low">Lower end of its interval (95 %).</param>
/// <param name="High">Upper end of its interval (95 %).</param>
/// <param name="Smallest">Smallest effect that could be detected, as a share.</param>
/// <param name="Pairs">Pairs that had units to compare.</param>
/// <param name="Pauses">Pauses there were.</param>
/// <param name="PausedSeconds">How long they took together.</param>
/// <param name="Inconclusive">Why the ratio is not known; null where it is.</param>
internal sealed record EffectDocument(
    double? Ratio, double? Low, double? High, double? Smallest, long Pairs, long Pauses, double PausedSeconds, string? Inconclusive)
{
    /// <summary>Null where it is not measured.</summary>
    public static EffectDocument? From(EffectFinding? found) => found is null
        ? null
        : new EffectDocument(
            found.Ratio?.Ratio, found.Ratio?.Low, found.Ratio?.High, found.Ratio?.Smallest, found.Pairs, found.Pauses, found.Paused.Seconds, found.Why);
}

internal sealed record PreemptorDocument(string Command, double Seconds);

internal sealed record WakerDocument(string Thread, string? By, double Seconds);

internal sealed record ConfigurationDocument(
    string Operation,
    long BatchSize,
    long SequenceLength,
    long EmbeddingDim,
    string Dtype,
    long Threads,
    long Iterations,
    long Incomplete,
    IReadOnlyDictionary<string, long> IncompleteBecause,
    LatencyDocument LatencySeconds,
    double WallSeconds,
    IReadOnlyDictionary<string, double?> Seconds,
    [property: JsonPropertyName("beside")] DetailsDocument Details,
    CountersDocument? Counters,
    IReadOnlyDictionary<string, double?>? BlockedForSeconds,
    PoolDocument? Pool);

internal sealed record LatencyDocument(double P50, double P95, double P99);

internal sealed record SourceDocument(string Name, string Tier, bool Up, long Events, long Lost, long Missing);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(AccountsDocument))]
internal sealed partial class AccountsJsonContext : JsonSerializerContext;

/// <summary>
/// What stands beside the accounts of a configuration; null for what was not measured. Modelled, not measured, is the CPU
/// time of minor faults: their number times what one costs by the calibration.
/// </summary>
internal sealed record DetailsDocument(
    long? VoluntarySwitches,
    long? InvoluntarySwitches,
    long? Migrations,
    long? MinorFaults,
    long? MajorFaults,
    long? PoolMinorFaults,
    long? PoolMajorFaults,
    double? ModelledFaultSeconds,
    double? PoolModelledFaultSeconds)
{
    public static DetailsDocument From(SummaryRow row)
    {
        DetailTotals totals = row.Details;
        bool counts = Measured.HasCounts(row.KernelTier, row.HasCounters);
        bool pool = Measured.HasPool(row.KernelTier);
        return new DetailsDocument(
            counts ? totals.VoluntarySwitches : null,
            counts ? totals.InvoluntarySwitches : null,
            Measured.HasMigrations(row.KernelTier) ? totals.Migrations : null,
            counts ? totals.MinorFaults : null,
            counts ? totals.MajorFaults : null,
            pool ? totals.PoolMinorFaults : null,
            pool ? totals.PoolMajorFaults : null,
            counts ? totals.MinorFaults * row.FaultCost?.Seconds : null,
            pool ? totals.PoolMinorFaults * row.FaultCost?.Seconds : null);
    }
}

/// <summary>What was counted of the driving threads inside the iterations of a configuration.</summary>
/// <param name="Set">hardware or software.</param>
/// <param name="Iterations">Iterations that were counted.</param>
/// <param name="CountedShare">Part of the time in which the counters were there, 0 to 1; below 1 the counts are scaled up.</param>
/// <param name="InstructionsPerCycle">Null where they were not counted.</param>
/// <param name="Counts">By name; null for what the machine does not count.</param>
internal sealed record CountersDocument(
    string Set, long Iterations, double CountedShare, double? InstructionsPerCycle, IReadOnlyDictionary<string, long?> Counts)
{
    /// <summary>Null where nothing was counted.</summary>
    public static CountersDocument? From(SummaryRow row)
    {
        CounterTotals totals = row.Details.Counted;
        if (totals.Set is not { } set) return null;
        return new CountersDocument(
            set,
            totals.Iterations,
            totals.CountedShare,
            totals.InstructionsPerCycle,
            totals.Names.Zip(totals.Sums).ToDictionary(pair => pair.First, pair => pair.Second));
    }
}

/// <summary>Thread time of the target's threads, by role and state; of the roles that have threads.</summary>
/// <param name="Threads">Most threads that were known at once.</param>
/// <param name="WallSeconds">Time in which they were watched.</param>
/// <param name="ParallelEfficiency">Running over wall time and the threads the library computes with; null where that is not known.</param>
/// <param name="Seconds">By role and state; null for a state that was not measured.</param>
internal sealed record PoolDocument(
    int Threads,
    double WallSeconds,
    double? ParallelEfficiency,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> Seconds)
{
    /// <summary>Inside the iterations of a configuration; null where the other threads are not seen.</summary>
    public static PoolDocument? From(SummaryRow row) => !Measured.HasPool(row.KernelTier)
        ? null
        : new PoolDocument(
            row.Details.PoolThreads,
            row.Details.PoolWall.Seconds,
            row.ParallelEfficiency,
            ByRole(row.Details.Pool, state => Measured.HasPool(row.KernelTier, row.RuntimeTier, state)));

    /// <summary>Of the whole observation; null where the threads are not seen.</summary>
    public static PoolDocument? From(ProcessRow process) => !Measured.HasPool(process.KernelTier)
        ? null
        : new PoolDocument(
            process.Pool.Threads, process.Pool.Wall.Seconds, null, ByRole(role => process.Pool[role], process.Measures));

    private static Dictionary<string, IReadOnlyDictionary<string, double?>> ByRole(
        Func<ThreadRole, StateTimes> pool, Func<AccountState, bool> measures) => DetailTotals.Roles
        .Where(role => pool(role).Total > Duration.Zero)
        .ToDictionary(Names.Role, IReadOnlyDictionary<string, double?> (role) => ByState(pool(role), measures));

    private static Dictionary<string, double?> ByState(StateTimes times, Func<AccountState, bool> measures) =>
        StateTimes.States.ToDictionary(Names.State, state => measures(state) ? times[state].Seconds : (double?)null);
}

/// <summary>The target as a whole, whether or not it marks iterations.</summary>
/// <param name="Pool">What its threads did; null where they are not seen.</param>
/// <param name="RunQueue">Waits of its threads for a CPU; null where wake-ups are not seen.</param>
/// <param name="Suspensions">What its runtime stopped its threads for; null where that is not seen.</param>
internal sealed record ProcessDocument(PoolDocument? Pool, RunQueueDocument? RunQueue, SuspensionsDocument? Suspensions)
{
    public static ProcessDocument From(ProcessRow process) => new(
        PoolDocument.From(process),
        process.HasWaits
            ? new RunQueueDocument(process.Waits, process.WaitMedian.Seconds, process.WaitP99.Seconds, process.WaitLongest.Seconds)
            : null,
        process.HasSuspensions
            ? new SuspensionsDocument(process.Suspensions, process.Suspended.Seconds, process.SuspensionLongest.Seconds)
            : null);
}

internal sealed record RunQueueDocument(long Waits, double P50Seconds, double P99Seconds, double LongestSeconds);

internal sealed record SuspensionsDocument(long Count, double Seconds, double LongestSeconds);

/// <summary>What was measured of this machine when the collector started: what modelled times are made of.</summary>
/// <param name="MinorFaultSeconds">CPU time of a minor page fault, the median over the rounds.</param>
/// <param name="LowestSeconds">The cheapest round.</param>
/// <param name="HighestSeconds">The most expensive round.</param>
/// <param name="Rounds">How often it was measured.</param>
/// <param name="FaultsPerRound">Faults in each.</param>
internal sealed record CalibrationDocument(
    double MinorFaultSeconds, double LowestSeconds, double HighestSeconds, int Rounds, long FaultsPerRound)
{
    /// <summary>Null where it could not be measured.</summary>
    public static CalibrationDocument? From(FaultCost? cost) =>
        cost is null ? null : new CalibrationDocument(cost.Seconds, cost.Lowest, cost.Highest, cost.Rounds, cost.FaultsPerRound);
}
