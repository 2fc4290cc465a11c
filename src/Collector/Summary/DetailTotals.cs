using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Counts and times besides the split, added up. Not thread-safe.</summary>
internal sealed class DetailTotals
{
    /// <summary>Every role, in the order of the enumeration.</summary>
    public static readonly ThreadRole[] Roles = Enum.GetValues<ThreadRole>();

    private readonly StateTimes[] _pool;
    private readonly long[] _blocked = new long[BlockedAccount.Causes.Count];
    private AwaitedTimes _awaited;

    public DetailTotals() => _pool = new StateTimes[Roles.Length];

    private DetailTotals(DetailTotals other)
    {
        _pool = [.. other._pool];
        other._blocked.CopyTo(_blocked, 0);
        _awaited = other._awaited;
        VoluntarySwitches = other.VoluntarySwitches;
        InvoluntarySwitches = other.InvoluntarySwitches;
        Migrations = other.Migrations;
        MinorFaults = other.MinorFaults;
        MajorFaults = other.MajorFaults;
        PoolMinorFaults = other.PoolMinorFaults;
        PoolMajorFaults = other.PoolMajorFaults;
        PoolThreads = other.PoolThreads;
        PoolWall = other.PoolWall;
        Counted = other.Counted.Copy();
    }

    /// <summary>Times driving threads gave their CPU up.</summary>
    public long VoluntarySwitches { get; private set; }

    /// <summary>Times driving threads lost their CPU.</summary>
    public long InvoluntarySwitches { get; private set; }

    /// <summary>Times driving threads came to another CPU.</summary>
    public long Migrations { get; private set; }

    /// <summary>Minor page faults of driving threads.</summary>
    public long MinorFaults { get; private set; }

    /// <summary>Major page faults of driving threads.</summary>
    public long MajorFaults { get; private set; }

    /// <summary>Minor page faults of all threads.</summary>
    public long PoolMinorFaults { get; private set; }

    /// <summary>Major page faults of all threads.</summary>
    public long PoolMajorFaults { get; private set; }

    /// <summary>Most threads that were known at once.</summary>
    public int PoolThreads { get; private set; }

    /// <summary>Wall time in which the threads were watched.</summary>
    public Duration PoolWall { get; private set; }

    /// <summary>What driving threads' own groups of counters counted.</summary>
    public CounterTotals Counted { get; } = new();

    /// <summary>Thread time by state over the threads of a role.</summary>
    public StateTimes Pool(ThreadRole role) => _pool[(int)role];

    /// <summary>Thread time by state over all threads.</summary>
    public StateTimes PoolTotal
    {
        get
        {
            var total = default(StateTimes);
            foreach (StateTimes times in _pool) total.Add(times);
            return total;
        }
    }

    /// <summary>Blocked time of driving threads by what it waited for.</summary>
    public Duration Blocked(BlockedFor cause) => new(_blocked[(int)cause]);

    /// <summary>What requests awaited, by the operation that was under way.</summary>
    public Duration Awaited(AwaitedFor kind) => _awaited[kind];

    /// <summary>Parallel efficiency: thread time running over wall time, for a number of threads that could have run.</summary>
    /// <returns>1 when that many ran all the time; null for no time.</returns>
    public double? Efficiency(long threads)
    {
        double available = (double)PoolWall.Nanoseconds * threads;
        return available > 0 ? _pool.Sum(times => times[AccountState.Running].Nanoseconds) / available : null;
    }

    public void Add(UnitDetails details)
    {
        VoluntarySwitches += details.VoluntarySwitches;
        InvoluntarySwitches += details.InvoluntarySwitches;
        Migrations += details.Migrations;
        MinorFaults += details.MinorFaults;
        MajorFaults += details.MajorFaults;
        PoolMinorFaults += details.PoolMinorFaults;
        PoolMajorFaults += details.PoolMajorFaults;
        PoolThreads = Math.Max(PoolThreads, details.Pool.Threads);
        PoolWall += details.Pool.Wall;
        Counted.Add(details.Counted);
        foreach (BlockedFor cause in BlockedAccount.Causes) _blocked[(int)cause] += details.Blocked[cause].Nanoseconds;
        _awaited.Add(details.Awaited);
        foreach (ThreadRole role in Roles) _pool[(int)role].Add(details.Pool[role]);
    }

    public DetailTotals Copy() => new(this);
}
