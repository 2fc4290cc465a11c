using Observatory.Timeline;

namespace Observatory.Collector;

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
    /// <summary>Inside the iterations of a configuration; null where nobody sees the other threads.</summary>
    public static PoolDocument? Of(SummaryRow row) => !MeasuredDetails.HasPool(row.KernelTier)
        ? null
        : new PoolDocument(
            row.Details.PoolThreads,
            row.Details.PoolWall.Seconds,
            row.ParallelEfficiency,
            ByRole(row.Details.Pool, state => MeasuredDetails.HasPool(row.KernelTier, row.RuntimeTier, state)));

    /// <summary>Of the whole observation; null where nobody sees the threads.</summary>
    public static PoolDocument? Of(ProcessRow process) => !MeasuredDetails.HasPool(process.KernelTier)
        ? null
        : new PoolDocument(
            process.Pool.Threads, process.Pool.Wall.Seconds, null, ByRole(role => process.Pool[role], process.Measures));

    private static Dictionary<string, IReadOnlyDictionary<string, double?>> ByRole(
        Func<ThreadRole, StateTimes> pool, Func<AccountState, bool> measures) => DetailTotals.Roles
        .Where(role => pool(role).Total > Duration.Zero)
        .ToDictionary(RoleNames.Of, IReadOnlyDictionary<string, double?> (role) => ByState(pool(role), measures));

    private static Dictionary<string, double?> ByState(StateTimes times, Func<AccountState, bool> measures) =>
        StateTimes.States.ToDictionary(StateNames.Of, state => measures(state) ? times[state].Seconds : (double?)null);
}
