namespace Observatory.Timeline;

/// <summary>Sums the states of all threads of the process, for each open iteration and since the beginning.</summary>
/// <remarks>
/// A thread is counted in the state it seems to be in. When its slice ends and was something else, the time is moved;
/// a sleep about which that is likely is counted as unknown until then.
/// </remarks>
internal sealed class Pool(AccountClock clock, ThreadTable threads, UnidentifiedWakeUps unidentified, IterationLedger ledger) : ISliceConsumer
{
    private readonly PoolSlots _slots = new(clock);
    private readonly Dictionary<int, AccountState> _seems = [];
    private int _mostThreads;

    /// <summary>Over everything that has been applied.</summary>
    public PoolAccount SinceBeginning =>
        _seems.Count == 0 && clock.Began == Timestamp.Never
            ? PoolAccount.None
            : new PoolAccount(Read(), _mostThreads, clock.Now - clock.Began);

    public PoolWindow Open() => new(_slots.Read(), clock.Counted, clock.Now, _slots.Threads);

    public PoolAccount Close(PoolWindow window) => window.Close(Read(window), clock.Now);

    /// <inheritdoc />
    public void Appeared(ThreadTrack thread)
    {
        _slots.Appear(thread.Role);
        _slots.Enter(thread.Role, _seems[thread.Id] = AccountState.Unknown, thread.CountedSince);
        _mostThreads = Math.Max(_mostThreads, _slots.Threads);
        foreach (OpenIteration iteration in ledger.Open) iteration.Details.Pool.Count(_slots.Threads);
    }

    /// <inheritdoc />
    public void Closed(in Slice slice)
    {
        ThreadRole role = slice.Thread.Role;
        AccountState seemed = _seems[slice.Thread.Id];
        AccountState was = OpenIteration.Map(slice.State);
        _slots.Withdraw(role, seemed, slice.CountedFrom);
        _slots.Charge(role, was, slice.CountedTo - slice.CountedFrom);
        if (seemed != was) Move(slice.CountedFrom, role, seemed, role, was);
        _slots.Enter(role, _seems[slice.Thread.Id] = Seems(slice.Thread), slice.CountedTo);
    }

    /// <summary>The slice that lasts belongs to the new role as a whole.</summary>
    public void Becomes(ThreadTrack thread, ThreadRole role)
    {
        AccountState seems = _seems[thread.Id];
        _slots.Withdraw(thread.Role, seems, thread.CountedSince);
        _slots.Enter(role, seems, thread.CountedSince);
        _slots.Disappear(thread.Role);
        _slots.Appear(role);
        Move(thread.CountedSince, thread.Role, seems, role, seems);
    }

    /// <inheritdoc />
    public void Gone(ThreadTrack thread)
    {
        _seems.Remove(thread.Id, out AccountState seemed);
        _slots.Withdraw(thread.Role, seemed, thread.CountedSince);
        _slots.Disappear(thread.Role);
    }

    private static AccountState Seems(ThreadTrack thread) =>
        thread.MayHaveBeenWoken ? AccountState.Unknown : OpenIteration.Map(thread.State);

    private void Move(Duration from, ThreadRole role, AccountState state, ThreadRole toRole, AccountState toState)
    {
        foreach (OpenIteration iteration in ledger.Open)
        {
            iteration.Details.Pool.Move(from, role, state, toRole, toState);
        }
    }

    private StateTimes[] Read(PoolWindow? window = null)
    {
        StateTimes[] times = _slots.Read();
        if (!unidentified.Any) return times;
        foreach (ThreadTrack thread in threads.All)
        {
            if (thread.MayHaveBeenWoken || !unidentified.MayInclude(thread)) continue;
            Duration from = window is null ? thread.CountedSince : window.Inside(thread.CountedSince);
            times[(int)thread.Role][AccountState.Blocked] -= clock.Counted - from;
            times[(int)thread.Role][AccountState.Unknown] += clock.Counted - from;
        }

        return times;
    }
}

/// <summary>What the pool had done when an iteration began, to be taken from what it has done at its end.</summary>
internal sealed class PoolWindow(StateTimes[] atBeginning, Duration counted, Timestamp began, int threads)
{
    private int _mostThreads = threads;

    /// <summary>A reading of the counted time, but not before the window.</summary>
    public Duration Inside(Duration from) => from > counted ? from : counted;

    /// <summary>So many threads are known now.</summary>
    public void Count(int threads) => _mostThreads = Math.Max(_mostThreads, threads);

    /// <summary>
    /// Time from a reading of the counted time on was another slot's: what of it lies before the window was, too.
    /// </summary>
    public void Move(Duration from, ThreadRole role, AccountState state, ThreadRole toRole, AccountState toState)
    {
        if (from >= counted) return;
        atBeginning[(int)role][state] -= counted - from;
        atBeginning[(int)toRole][toState] += counted - from;
    }

    public PoolAccount Close(StateTimes[] atEnd, Timestamp ended)
    {
        for (int role = 0; role < atEnd.Length; role++)
        {
            for (int state = 0; state < StateTimes.Length; state++) atEnd[role][state] -= atBeginning[role][state];
        }

        return new PoolAccount(atEnd, _mostThreads, ended - began);
    }
}
