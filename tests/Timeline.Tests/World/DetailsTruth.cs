namespace Observatory.Timeline.Tests;

/// <summary>What must stand details an account, looked up in the world.</summary>
internal static class DetailsTruth
{
    /// <summary>Every count of the details in one line, as it truly was.</summary>
    public static string Of(SimulatedWorld world, UnitAccount account)
    {
        Written[] own = [.. Switches(world, account.Thread)];
        var switches = own.Where(written => IsInside(written, account)).ToLookup(written => written.Event.Kind);
        return InWords(
            switches[EventKind.SwitchOut].Count(),
            switches[EventKind.Preempted].Count(),
            Migrations(own, account),
            Faults(world, account, written => written.Thread == account.Thread));
    }

    /// <summary>The same counts as the timeline claims them.</summary>
    public static string Claimed(UnitDetails details) => InWords(
        details.VoluntarySwitches,
        details.InvoluntarySwitches,
        details.Migrations,
        (details.MinorFaults, details.MajorFaults));

    /// <summary>What all threads did, in one line, as it truly was.</summary>
    public static string OfPool(SimulatedWorld world, UnitAccount account) =>
        InWords(PoolOf(world, account), Faults(world, account, written => world.IsOfTarget(written.Thread)));

    /// <summary>The same as the timeline claims it.</summary>
    public static string ClaimedOfPool(UnitDetails details) =>
        InWords(details.Pool.Total, (details.PoolMinorFaults, details.PoolMajorFaults));

    /// <summary>Thread time of all threads of the target that lived, by state.</summary>
    public static StateTimes PoolOf(SimulatedWorld world, UnitAccount account)
    {
        var times = default(StateTimes);
        foreach (int thread in world.TargetThreads) times.Add(world.TimesOf(thread, account.Began, account.Ended));
        return times;
    }

    /// <summary>
    /// True when every thread that was there at the end of an account could be known: the pool counts a thread from when it
    /// was first heard of until its exit, and no record of a beginning or an exit is missing.
    /// </summary>
    public static bool KnowsThreads(SimulatedWorld world, UnitAccount account) => world.Cpus.All(ring =>
    {
        // An exit without an id is that of the thread that came last, where nothing is missing since.
        bool knowsHolder = true;
        foreach (Written written in ring.TakeWhile(written => written.Event.At < account.Ended))
        {
            bool isOfTarget = world.IsOfTarget(written.Thread);
            if (isOfTarget && written.Lost && IsOfLife(world, written)) return false;
            if (isOfTarget && written.Event.Thread == TimelineEvent.ExitingThread && !knowsHolder) return false;
            if (written.Lost) knowsHolder = false;
            else if (written.Event.Kind == EventKind.SwitchIn) knowsHolder = true;
        }

        return true;
    });

    private static string InWords(
        long voluntary, long involuntary, long migrations, (long, long) faults) =>
        $"{voluntary} voluntary, {involuntary} involuntary, {migrations} migrations, faults {faults}";

    private static string InWords(StateTimes times, (long, long) faults) =>
        string.Join(", ", StateTimes.States.Select(state => $"{state} {times[state].Nanoseconds}")) + $", faults {faults}";

    private static bool IsOfLife(SimulatedWorld world, Written written) =>
        written.Event.Kind == EventKind.Exited
        || (written.Event.Kind == EventKind.SwitchIn && world.StateOf(written.Thread, written.Event.At.Nanoseconds - 1) == ThreadState.Unknown);

    private static int Migrations(Written[] switches, UnitAccount account)
    {
        int last = -1, migrations = 0;
        foreach (Written written in switches)
        {
            TimelineEvent change = written.Event;
            bool comes = change.Kind == EventKind.SwitchIn;
            if (comes && last >= 0 && last != change.Cpu && IsInside(written, account)) migrations++;
            // The next one with that id is another thread.
            last = change.Kind == EventKind.Exited ? -1 : change.Cpu;
        }

        return migrations;
    }

    private static (long Minor, long Major) Faults(SimulatedWorld world, UnitAccount account, Predicate<Written> isMeant)
    {
        TimelineEvent[] faults = [.. world.Faults.SelectMany(ring => ring)
            .Where(written => IsInside(written, account) && isMeant(written))
            .Select(written => written.Event)];
        return (faults.Where(fault => !fault.IsMajor).Sum(fault => fault.Count), faults.Where(fault => fault.IsMajor).Sum(fault => fault.Count));
    }

    private static IEnumerable<Written> Switches(SimulatedWorld world, int thread) => world.Cpus.SelectMany(ring => ring)
        .Where(written => written.Thread == thread && written.Event.IsSwitch)
        .OrderBy(written => written.Event.At);

    private static bool IsInside(Written written, UnitAccount account) =>
        written.Event.At >= account.Began && written.Event.At < account.Ended;
}

/// <summary>What the blocked time of an account truly waited for, looked up nanosecond by nanosecond.</summary>
internal static class BlockedTruth
{
    /// <summary>Nanoseconds by cause, in the order of the enumeration.</summary>
    /// <param name="world">The world.</param>
    /// <param name="account">The account.</param>
    /// <param name="exitsFirst">
    /// Of a thread that exits in the very nanosecond in which a sleep ends, on another CPU: whether it does so before. The events
    /// of two CPUs have no order then.
    /// </param>
    public static long[] Of(SimulatedWorld world, UnitAccount account, bool exitsFirst = false)
    {
        var times = new long[BlockedAccount.Causes.Count];
        foreach (SimulatedSleep sleep in world.Sleeps)
        {
            if (sleep.Thread != account.Thread) continue;
            if (sleep.From < account.Began.Nanoseconds || sleep.To > account.Ended.Nanoseconds) continue;
            Charge(world, sleep, exitsFirst ? sleep.To : sleep.To - 1, times);
        }

        times[(int)BlockedFor.Unexplained] = account.Times[AccountState.Blocked].Nanoseconds - times.Sum();
        return times;
    }

    /// <summary>Backwards from the wake-up, as far as the waker is the same thread.</summary>
    private static void Charge(SimulatedWorld world, SimulatedSleep sleep, long known, long[] times)
    {
        for (long at = sleep.To - 1; at >= sleep.From; at--)
        {
            if (CauseOf(world, sleep, at, known, depth: 1) is not { } cause) continue;
            if (!world.IsSuspended(at)) times[(int)cause]++;
        }
    }

    /// <summary>What a sleep waited for at a nanosecond; null where that cannot be known.</summary>
    private static BlockedFor? CauseOf(SimulatedWorld world, SimulatedSleep sleep, long at, long known, int depth)
    {
        if (sleep.Waker == TimelineEvent.Interrupt) return BlockedFor.Interrupt;
        if (!world.IsOfTarget(sleep.Waker)) return BlockedFor.OtherProcess;
        // A thread that has exited before the end of the first sleep took its past with it.
        if (!world.IsSameThread(sleep.Waker, at, depth == 1 ? Math.Min(known, sleep.To - 1) : known)) return null;
        return world.StateOf(sleep.Waker, at) switch
        {
            ThreadState.Running => BlockedFor.Running,
            ThreadState.Preempted => BlockedFor.Preempted,
            ThreadState.Waking => BlockedFor.Waking,
            ThreadState.Blocked => Behind(world, sleep.Waker, at, known, depth) ?? BlockedFor.Sleeping,
            _ => null,
        };
    }

    private static BlockedFor? Behind(SimulatedWorld world, int sleeper, long at, long known, int depth) =>
        depth < Wakers.Deepest && world.Sleeps.FirstOrDefault(sleep => sleep.Thread == sleeper && sleep.From <= at && at < sleep.To) is { } sleep
            ? CauseOf(world, sleep, at, known, depth + 1)
            : null;
}
