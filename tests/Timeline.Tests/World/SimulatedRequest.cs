namespace Observatory.Timeline.Tests;

/// <summary>A request of the simulated world, and what it truly spent its time with.</summary>
internal sealed class SimulatedRequest(UnitId id)
{
    public UnitId Id => id;

    /// <summary>The threads that work on it, in the order in which they began.</summary>
    public List<SimulatedThread> Threads { get; } = [];

    /// <summary>What it does while none works on it.</summary>
    public AccountState Gap { get; set; } = AccountState.Queued;

    /// <summary>The operation that is under way for it.</summary>
    public AwaitedFor Awaits { get; set; }

    /// <summary>Time in which it waited and no thread worked on it, by the operation that was under way.</summary>
    public AwaitedTimes Awaited { get; private set; }

    /// <summary>Time by the operation that was under way, whatever threads did.</summary>
    public AwaitedTimes UnderWay { get; private set; }

    /// <summary>It has ended.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Wall time by the state of the thread that has worked on it longest, or by what it waits for.</summary>
    public StateTimes Times { get; private set; }

    /// <summary>Time of all threads that worked on it, by state.</summary>
    public StateTimes Work { get; private set; }

    /// <summary>A nanosecond goes by.</summary>
    public void Pass(AccountState? suspended, Func<SimulatedThread, AccountState> stateOf)
    {
        Times = Longer(Times, suspended ?? (Threads.Count > 0 ? stateOf(Threads[0]) : Gap));
        UnderWay = Longer(UnderWay, Awaits);
        if (suspended is not null) return;
        if (Threads.Count == 0 && Gap == AccountState.Awaiting) Awaited = Longer(Awaited, Awaits);
        foreach (SimulatedThread thread in Threads) Work = Longer(Work, stateOf(thread));
    }

    private static StateTimes Longer(StateTimes times, AccountState state)
    {
        times[state] += new Duration(1);
        return times;
    }

    private static AwaitedTimes Longer(AwaitedTimes times, AwaitedFor kind)
    {
        times[kind] += new Duration(1);
        return times;
    }

    /// <summary>A thread stops working on it.</summary>
    public void Leave(SimulatedThread thread)
    {
        Threads.Remove(thread);
        if (Threads.Count == 0) Gap = AccountState.Awaiting;
    }

    public void End()
    {
        IsOver = true;
        Threads.Clear();
    }
}
