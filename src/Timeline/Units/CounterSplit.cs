namespace Observatory.Timeline;

/// <summary>
/// Completes a closed account with what the kernel counted for its thread meanwhile, where not every switch or wake-up
/// was seen. The states still add up to exactly the wall time.
/// </summary>
/// <remarks>
/// The readings enclose the iteration, so they count a little more than it has; no state takes more than there is.
/// What the hypervisor took the kernel counts as neither running nor waiting: <see cref="Replace"/> leaves it in blocked.
/// </remarks>
public static class CounterSplit
{
    /// <summary>
    /// Takes out of blocked what was waiting for a CPU after a wake-up. For an account whose switches were seen, its
    /// wake-ups not: of all waiting, what is not preempted is waking. A wait inside of a suspension counts as well, so
    /// an account with gc time may show as much of it too much.
    /// </summary>
    public static UnitAccount SplitBlocked(in UnitAccount account, in CounterDifference counted)
    {
        StateTimes times = account.Times;
        Duration blocked = times[AccountState.Blocked];
        Duration waking = AtMost(counted.Waited - times[AccountState.Preempted], blocked);
        times[AccountState.Blocked] = blocked - waking;
        times[AccountState.Waking] += waking;
        return With(account, times, counted);
    }

    /// <summary>
    /// Makes everything but gc out of the totals: running is the CPU time, preempted all waiting for a CPU, woken or
    /// not, and blocked the rest. Gc, in which it is not known what the thread did, is taken out of blocked first, then
    /// out of running, then out of preempted. For an account of which only suspensions were seen, all of them.
    /// </summary>
    public static UnitAccount Replace(in UnitAccount account, in CounterDifference counted)
    {
        // Waiting first: a wait between a reading and its mark is rare, the CPU time of writing the events is not.
        Duration preempted = AtMost(counted.Waited, account.Wall);
        Duration running = AtMost(counted.Running, account.Wall - preempted);
        Duration blocked = account.Wall - preempted - running;

        Duration gc = account.Times[AccountState.Gc];
        Duration rest = gc;
        rest -= Take(ref blocked, rest);
        rest -= Take(ref running, rest);
        rest -= Take(ref preempted, rest);

        var times = default(StateTimes);
        times[AccountState.Gc] = gc - rest;
        times[AccountState.Running] = running;
        times[AccountState.Preempted] = preempted;
        times[AccountState.Blocked] = blocked;
        return With(account, times, counted) with { Reasons = IncompleteReasons.None };
    }

    private static UnitAccount With(in UnitAccount account, in StateTimes times, in CounterDifference counted) =>
        account with
        {
            Times = times,
            Details = account.Details with
            {
                VoluntarySwitches = counted.VoluntarySwitches,
                InvoluntarySwitches = counted.InvoluntarySwitches,
                MinorFaults = counted.MinorFaults,
                MajorFaults = counted.MajorFaults,
                Blocked = BlockedAccount.Unexplained(times[AccountState.Blocked]),
            },
        };

    private static Duration Take(ref Duration from, Duration wanted)
    {
        Duration taken = AtMost(wanted, from);
        from -= taken;
        return taken;
    }

    private static Duration AtMost(Duration time, Duration limit) =>
        time < Duration.Zero ? Duration.Zero : time < limit ? time : limit;
}

/// <summary>What the kernel counted for a driving thread between a reading just before an iteration and one just after.</summary>
/// <param name="Running">On a CPU.</param>
/// <param name="Waited">Runnable without a CPU: preempted, or woken and not on a CPU yet.</param>
/// <param name="VoluntarySwitches">Times it gave its CPU up.</param>
/// <param name="InvoluntarySwitches">Times it lost its CPU.</param>
/// <param name="MinorFaults">Page faults that needed no disk.</param>
/// <param name="MajorFaults">Page faults that had to read from a disk.</param>
public readonly record struct CounterDifference(
    Duration Running,
    Duration Waited,
    long VoluntarySwitches,
    long InvoluntarySwitches,
    long MinorFaults,
    long MajorFaults);
