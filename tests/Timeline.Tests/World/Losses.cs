namespace Observatory.Timeline.Tests;

/// <summary>Loses contiguous pieces of what a world wrote, and knows what a reader can find out about it.</summary>
internal sealed class Losses(SimulatedWorld world, int seed)
{
    private readonly Random _random = new(seed);

    public Losses DropOfCpus(bool reported)
    {
        foreach (List<Written> ring in world.Cpus) Drop(ring, reported);
        return this;
    }

    /// <summary>Loses wake-ups only, as the kernel does those that timers of idle CPUs cause. No chain shows it.</summary>
    public Losses DropWakeUps()
    {
        foreach (List<Written> ring in world.Cpus)
        {
            for (int i = 0; i < ring.Count; i++)
            {
                if (ring[i].Event.Kind == EventKind.Waking && _random.Next(2) == 0) ring[i] = ring[i] with { Lost = true };
            }
        }

        return this;
    }

    /// <summary>Loses some of what requests wait for; that events are missing is reported.</summary>
    public Losses DropOperations()
    {
        for (int i = 0; i < world.Runtime.Count; i++)
        {
            if (world.Runtime[i].Event.Kind == EventKind.UnitAwaits && _random.Next(4) == 0) world.Runtime[i] = world.Runtime[i] with { Lost = true, Reported = true };
        }

        return this;
    }

    public Losses DropOfRuntime()
    {
        Drop(world.Runtime, reported: true);
        return this;
    }

    /// <summary>
    /// True for an account that lies wholly in a suspension that came through a gap in the runtime's events: whether it
    /// goes on behind the gap only its end can tell. (A real suspension catches a thread long before it has iterated.)
    /// </summary>
    public bool LiesInHiddenSuspension(UnitAccount account)
    {
        int began = world.Runtime.FindLastIndex(written =>
            written.Event.Kind is EventKind.SuspensionBegan && written.Event.At <= account.Began);
        if (began < 0) return false;
        bool gap = world.Runtime.Skip(began).TakeWhile(written => written.Event.At <= account.Began).Any(written => written.Lost);
        if (!gap) return false;
        int ended = world.Runtime.FindIndex(began, written => written.Event.Kind is EventKind.SuspensionEnded);
        return ended < 0 || world.Runtime[ended].Event.At >= account.Ended;
    }

    /// <summary>
    /// True for an account from which a switch or wake-up of its thread is missing that no check can have found yet: its
    /// CPU's chain does not break there, or the record that breaks it was not read when the account closed.
    /// </summary>
    public bool AreHiddenFrom(UnitAccount account, Delivery delivery)
    {
        for (int cpu = 0; cpu < world.Cpus.Length; cpu++)
        {
            List<Written> ring = world.Cpus[cpu];
            for (int i = 0; i < ring.Count; i++)
            {
                if (!ring[i].Lost || ring[i].Thread != account.Thread || !Overlaps(ring[i], account)) continue;
                int breaks = BreaksAt(ring, i);
                if (breaks < 0 || !delivery.HasRead(cpu, breaks)) return true;
            }
        }

        return false;
    }

    /// <summary>The place of the first switch behind a lost record, if it does not follow from the last one before.</summary>
    private static int BreaksAt(List<Written> ring, int lost)
    {
        int before = ring.FindLastIndex(lost, IsSwitchRead);
        int after = ring.FindIndex(lost, IsSwitchRead);
        if (before < 0 || after < 0) return -1;
        bool wasIn = ring[before].Event.Kind == EventKind.SwitchIn;
        bool isIn = ring[after].Event.Kind == EventKind.SwitchIn;
        if (wasIn == isIn) return after;
        bool sameHolder = isIn || ring[after].Event.Thread < 0 || ring[before].Thread == ring[after].Thread;
        return sameHolder ? -1 : after;
    }

    /// <summary>What was lost matters from then until the thread's next switch that got through.</summary>
    private bool Overlaps(Written lost, UnitAccount account)
    {
        if (lost.Event.At >= account.Ended) return false;
        IEnumerable<Timestamp> next = world.Cpus.SelectMany(ring => ring)
            .Where(read => IsSwitchRead(read) && read.Thread == account.Thread && read.Event.At > lost.Event.At)
            .Select(read => read.Event.At);
        return next.DefaultIfEmpty(Timestamp.Never).Min() > account.Began;
    }

    private static bool IsSwitchRead(Written written) => !written.Lost && written.Event.IsSwitch;

    private void Drop(List<Written> written, bool reported)
    {
        for (int pieces = _random.Next(3); pieces > 0 && written.Count > 0; pieces--)
        {
            int first = _random.Next(written.Count);
            int last = Math.Min(written.Count, first + _random.Next(1, 12));
            for (int i = first; i < last; i++) written[i] = written[i] with { Lost = true, Reported = reported };
        }
    }
}
