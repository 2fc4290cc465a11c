namespace Observatory.Timeline;

/// <summary>The states of an account, summed over all threads of the process, by their role.</summary>
/// <remarks>A thread counts from when it was first heard of until it exits; while its state is not known, as unknown.</remarks>
public sealed class PoolAccount
{
    /// <summary>No threads, no time.</summary>
    public static readonly PoolAccount None = new(new StateTimes[PoolSlots.Roles], 0, Duration.Zero);

    private readonly StateTimes[] _byRole;

    internal PoolAccount(StateTimes[] byRole, int threads, Duration wall)
    {
        _byRole = byRole;
        Threads = threads;
        Wall = wall;
        var total = default(StateTimes);
        foreach (StateTimes times in byRole) total.Add(times);
        Total = total;
    }

    /// <summary>Thread time in each state over the threads of one role.</summary>
    public StateTimes this[ThreadRole role] => _byRole[(int)role];

    /// <summary>Thread time in each state over all threads.</summary>
    public StateTimes Total { get; }

    /// <summary>Most threads that were known at once.</summary>
    public int Threads { get; }

    /// <summary>Length of the window.</summary>
    public Duration Wall { get; }

    /// <summary>The time of both, one after the other.</summary>
    public static PoolAccount operator +(PoolAccount first, PoolAccount second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        StateTimes[] byRole = [.. first._byRole];
        for (int role = 0; role < byRole.Length; role++) byRole[role].Add(second._byRole[role]);
        return new PoolAccount(byRole, Math.Max(first.Threads, second.Threads), first.Wall + second.Wall);
    }

    /// <summary>Parallel efficiency: time running over wall time, for a number of threads that could have run.</summary>
    /// <param name="threads">Number of threads.</param>
    /// <returns>1 when that many ran all the time; 0 for an empty window.</returns>
    public double Efficiency(long threads)
    {
        double available = (double)Wall.Nanoseconds * threads;
        return available > 0 ? Total[AccountState.Running].Nanoseconds / available : 0;
    }

    /// <summary>The same thread time, with nothing known about it.</summary>
    internal PoolAccount AsUnknown()
    {
        var unknown = new StateTimes[PoolSlots.Roles];
        for (int role = 0; role < unknown.Length; role++) unknown[role][AccountState.Unknown] = _byRole[role].Total;
        return new PoolAccount(unknown, Threads, Wall);
    }
}
