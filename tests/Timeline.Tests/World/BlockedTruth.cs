namespace Observatory.Timeline.Tests;

/// <summary>What the blocked time of an account truly waited for, looked up nanosecond by nanosecond.</summary>
internal static class BlockedTruth
{
    /// <summary>Nanoseconds by cause, in the order of the enumeration.</summary>
    public static long[] Of(SimulatedWorld world, IterationAccount account)
    {
        var times = new long[BlockedAccount.Causes.Count];
        foreach (SimulatedSleep sleep in world.Sleeps)
        {
            if (sleep.Thread != account.Thread) continue;
            if (sleep.From < account.Began.Nanoseconds || sleep.To > account.Ended.Nanoseconds) continue;
            Charge(world, sleep, times);
        }

        times[(int)BlockedFor.Unexplained] = account.Times[AccountState.Blocked].Nanoseconds - times.Sum();
        return times;
    }

    /// <summary>Backwards from the wake-up, as far as the waker is the same thread.</summary>
    private static void Charge(SimulatedWorld world, SimulatedSleep sleep, long[] times)
    {
        for (long at = sleep.To - 1; at >= sleep.From; at--)
        {
            if (CauseOf(world, sleep.Waker, at) is not { } cause) return;
            if (!world.IsSuspended(at)) times[(int)cause]++;
        }
    }

    private static BlockedFor? CauseOf(SimulatedWorld world, int waker, long at)
    {
        if (waker == TimelineEvent.Interrupt) return BlockedFor.Interrupt;
        if (!world.IsOfTarget(waker)) return BlockedFor.OtherProcess;
        return world.StateOf(waker, at) switch
        {
            ThreadState.Running => BlockedFor.Running,
            ThreadState.Preempted => BlockedFor.Preempted,
            ThreadState.Waking => BlockedFor.Waking,
            ThreadState.Blocked => BlockedFor.Sleeping,
            _ => null,
        };
    }
}
