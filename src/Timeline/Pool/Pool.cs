namespace Observatory.Timeline;

/// <summary>Sums the states of all threads of the process, for each open iteration and since the beginning.</summary>
/// <remarks>
/// A thread is counted in the state it seems to be in. When its slice ends and was something else, the time is moved;
/// a sleep about which that is likely is counted as unknown until then. Only what is rare visits the open windows: a new
/// thread, one that gets another role, a state that turns out to have been another.
/// </remarks>
internal sealed class Pool(AccountClock clock, ThreadTable threads, UnidentifiedWakeUps unidentified) : ISliceConsumer
{
    private readonly PoolSlots _slots = new(clock);
    private readonly List<PoolWindow> _windows = [];
    private int _mostThreads;

    /// <summary>Over everything that has been applied.</summary>
    public PoolAccount SinceBeginning =>
        threads.All.Count == 0 && clock.Began == Timestamp.Never
            ? PoolAccount.None
            : SinceBegan();

    /// <summary>What the pool does from now on is asked for.</summary>
    public PoolWindow Open()
    {
        var atBeginning = new long[PoolSlots.Length];
        Read(atBeginning);
        var window = new PoolWindow(atBeginning, clock.Counted, clock.Now, _slots.Threads) { Place = _windows.Count };
        _windows.Add(window);
        return window;
    }

    /// <summary>What the pool did since a window was opened.</summary>
    public PoolAccount Close(PoolWindow window)
    {
        Drop(window);
        Span<long> atEnd = stackalloc long[PoolSlots.Length];
        Read(atEnd, window);
        return window.Close(atEnd, clock.Now);
    }

    /// <summary>What the pool did since a window was opened is not asked for any more.</summary>
    public void Drop(PoolWindow window)
    {
        PoolWindow last = _windows[^1];
        _windows[last.Place = window.Place] = last;
        _windows.RemoveAt(_windows.Count - 1);
    }

    /// <inheritdoc />
    public void Appeared(ThreadTrack thread)
    {
        _slots.Appear(thread.Role);
        _slots.Enter(thread.Role, thread.Seems, thread.CountedSince);
        _mostThreads = Math.Max(_mostThreads, _slots.Threads);
        foreach (PoolWindow window in _windows) window.Count(_slots.Threads);
    }

    /// <inheritdoc />
    public void Closed(in Slice slice)
    {
        ThreadTrack thread = slice.Thread;
        AccountState seemed = thread.Seems;
        AccountState was = AccountStates.From(slice.State);
        _slots.Withdraw(thread.Role, seemed, slice.CountedFrom);
        _slots.Charge(thread.Role, was, slice.CountedTo - slice.CountedFrom);
        if (seemed != was) Move(slice.CountedFrom, thread.Role, seemed, thread.Role, was);
        thread.Seems = thread.MayHaveBeenWoken ? AccountState.Unknown : AccountStates.From(thread.State);
        _slots.Enter(thread.Role, thread.Seems, slice.CountedTo);
    }

    /// <summary>The slice that lasts belongs to the new role as a whole.</summary>
    public void Becomes(ThreadTrack thread, ThreadRole role)
    {
        _slots.Withdraw(thread.Role, thread.Seems, thread.CountedSince);
        _slots.Enter(role, thread.Seems, thread.CountedSince);
        _slots.Disappear(thread.Role);
        _slots.Appear(role);
        Move(thread.CountedSince, thread.Role, thread.Seems, role, thread.Seems);
    }

    /// <inheritdoc />
    public void Gone(ThreadTrack thread)
    {
        _slots.Withdraw(thread.Role, thread.Seems, thread.CountedSince);
        _slots.Disappear(thread.Role);
    }

    private void Move(Duration from, ThreadRole role, AccountState state, ThreadRole toRole, AccountState toState)
    {
        foreach (PoolWindow window in _windows) window.Move(from, role, state, toRole, toState);
    }

    private PoolAccount SinceBegan()
    {
        Span<long> times = stackalloc long[PoolSlots.Length];
        Read(times);
        return new PoolAccount(PoolSlots.ByRole(times), _mostThreads, clock.Now - clock.Began);
    }

    private void Read(Span<long> times, PoolWindow? window = null)
    {
        _slots.Read(times);
        if (!unidentified.Any) return;
        foreach (ThreadTrack thread in threads.All)
        {
            if (thread.MayHaveBeenWoken || !unidentified.MayInclude(thread)) continue;
            Duration from = window is null ? thread.CountedSince : window.Inside(thread.CountedSince);
            long time = (clock.Counted - from).Nanoseconds;
            times[PoolSlots.SlotAt(thread.Role, AccountState.Blocked)] -= time;
            times[PoolSlots.SlotAt(thread.Role, AccountState.Unknown)] += time;
        }
    }
}

/// <summary>What the pool had done when an iteration began, to be taken from what it has done at its end.</summary>
internal sealed class PoolWindow(long[] atBeginning, Duration counted, Timestamp began, int threads)
{
    private int _mostThreads = threads;

    /// <summary>Its place among the open windows.</summary>
    public int Place { get; set; }

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
        long time = (counted - from).Nanoseconds;
        atBeginning[PoolSlots.SlotAt(role, state)] -= time;
        atBeginning[PoolSlots.SlotAt(toRole, toState)] += time;
    }

    public PoolAccount Close(Span<long> atEnd, Timestamp ended)
    {
        for (int slot = 0; slot < PoolSlots.Length; slot++) atEnd[slot] -= atBeginning[slot];
        return new PoolAccount(PoolSlots.ByRole(atEnd), _mostThreads, ended - began);
    }
}
