namespace Observatory.Timeline;

/// <summary>What the timeline counted about the quality of its own input. Read it on the thread that feeds the timeline.</summary>
public sealed class TimelineCounters
{
    /// <summary>Runtime events that came after the timeline had been told up to their time.</summary>
    public long LateRuntimeEvents { get; private set; }

    /// <summary>Scheduler events that came after the timeline had been told up to their time.</summary>
    public long LateSchedulerEvents { get; private set; }

    /// <summary>Times a CPU's switches did not follow from one another although the kernel reported no loss.</summary>
    public long ChainBreaks { get; internal set; }

    /// <summary>Times a thread's events did not follow from one another although no loss was known.</summary>
    public long Contradictions { get; internal set; }

    /// <summary>Times a thread came to a CPU after a sleep whose end was not seen.</summary>
    public long UnseenWakeUps { get; internal set; }

    /// <summary>
    /// Times a thread came, after a sleep whose end was not seen, to a CPU that had been idle until then: the sleep is blocked
    /// time to its end, which contains a little waking.
    /// </summary>
    public long InferredWakeUps { get; internal set; }

    /// <summary>
    /// How much waking an inferred wake-up hides at most, as far as can be told: of a hundred wake-ups that were recorded and
    /// whose threads came to an idle CPU, 99 took no longer. Null while none was recorded.
    /// </summary>
    public Duration? InferredWakingAtMost => IdleExits.Quantile(0.99);

    internal DurationHistogram IdleExits { get; } = new();

    /// <summary>Iterations whose beginning and end were both seen.</summary>
    public long IterationsClosed { get; internal set; }

    /// <summary>Closed iterations whose account is incomplete; something outside of the timeline may still complete it.</summary>
    public long IterationsIncomplete { get; internal set; }

    /// <summary>
    /// Units reported as complete before a switch or a wake-up inside them arrived late: their split may be wrong. Each
    /// is counted once, as far as it is still known (the last 4096).
    /// </summary>
    public long UnitsDoubted { get; internal set; }

    /// <summary>Units of work of other kinds whose beginning and end were both seen.</summary>
    public long UnitsClosed { get; internal set; }

    /// <summary>Units of work of other kinds whose beginning or end was never seen.</summary>
    public long UnitsUnpaired { get; internal set; }

    /// <summary>Iterations inside which their thread began another one; they have no account.</summary>
    public long IterationsNested { get; internal set; }

    /// <summary>Iterations that ended on another thread than they began on, and did not tell when they moved.</summary>
    public long IterationsMoved { get; internal set; }

    /// <summary>Iterations whose end was never seen.</summary>
    public long EndsMissing { get; internal set; }

    /// <summary>Iterations whose beginning was never seen: lost, or before the observer attached.</summary>
    public long BeginningsMissing { get; internal set; }

    internal void CountLate(LossScope scope)
    {
        if (scope.IsRuntime) LateRuntimeEvents++;
        else LateSchedulerEvents++;
    }
}

/// <summary>How often durations of which length came, four steps to a factor of two.</summary>
internal sealed class DurationHistogram
{
    private const int StepsPerDoubling = 4;
    private readonly long[] _counts = new long[64 * StepsPerDoubling];
    private long _total;

    public void Add(Duration time)
    {
        _counts[StepAt(time.Nanoseconds)]++;
        _total++;
    }

    /// <summary>The longest duration of the step in which a share of all lies; null where there is none.</summary>
    public Duration? Quantile(double share)
    {
        long rank = (long)Math.Ceiling(share * _total), seen = 0;
        for (int step = 0; step < _counts.Length && _total > 0; step++)
        {
            seen += _counts[step];
            if (seen >= rank) return new Duration((long)Math.Pow(2, (step + 1) / (double)StepsPerDoubling));
        }

        return null;
    }

    private static int StepAt(long nanoseconds) => nanoseconds <= 1 ? 0 : (int)(Math.Log2(nanoseconds) * StepsPerDoubling);
}

/// <summary>How many things the timeline holds: what must stay bounded however long it runs.</summary>
/// <param name="Events">Held back.</param>
/// <param name="Lanes">Rings whose events are put in order, and the runtime's stream.</param>
/// <param name="Chains">Rings whose switches are followed.</param>
/// <param name="Losses">Scopes of which something is missing now.</param>
/// <param name="Threads">Followed.</param>
/// <param name="Units">Open, and iterations that gave way to another one on their thread.</param>
/// <param name="History">Instants that threads keep of their past.</param>
/// <param name="Holders">Stretches of CPUs.</param>
internal readonly record struct TimelineFootprint(
    int Events, int Lanes, int Chains, int Losses, int Threads, int Units, int History, int Holders)
{
    /// <summary>The larger of each.</summary>
    public static TimelineFootprint Larger(TimelineFootprint a, TimelineFootprint b) => new(
        Math.Max(a.Events, b.Events),
        Math.Max(a.Lanes, b.Lanes),
        Math.Max(a.Chains, b.Chains),
        Math.Max(a.Losses, b.Losses),
        Math.Max(a.Threads, b.Threads),
        Math.Max(a.Units, b.Units),
        Math.Max(a.History, b.History),
        Math.Max(a.Holders, b.Holders));
}
