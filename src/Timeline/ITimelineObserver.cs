namespace Observatory.Timeline;

/// <summary>
/// Receives what the timeline finds out besides accounts, in the order of time, on the thread that feeds the timeline; must not
/// block. Each implementation has only the methods that it is interested in.
/// </summary>
public interface IFindings
{
    /// <summary>
    /// Threads of the target got a CPU after they had waited for one (preempted or woken). Told in batches, in the order in
    /// which the waits ended: those inside a unit before its account, all by the end of <see cref="Timeline.Advance"/>.
    /// </summary>
    /// <param name="waits">How long each waited. Valid until the call returns.</param>
    void RunQueueWaited(ReadOnlySpan<Duration> waits)
    {
    }

    /// <summary>
    /// Other threads, of any process, held the CPU while a thread of the target waited for it. Told like the waits, one for each
    /// stretch; the stretches of a wait add up to it.
    /// </summary>
    /// <param name="holds">The stretches. Valid until the call returns.</param>
    void PreemptedBy(ReadOnlySpan<CpuHold> holds)
    {
    }

    /// <summary>The runtime let its threads go on after it had suspended them.</summary>
    void Suspended(in Suspension suspension)
    {
    }
}

/// <summary>A time in which the runtime kept its managed threads suspended.</summary>
/// <param name="Began">When it began to suspend them.</param>
/// <param name="Reached">When all of them stood still; null where that was not told.</param>
/// <param name="Ended">When they went on.</param>
/// <param name="By">The thread that asked for it, or <see cref="TimelineEvent.UnknownThread"/>.</param>
/// <param name="Last">The thread that stood still last, or <see cref="TimelineEvent.UnknownThread"/> where the evidence is not clear.</param>
public readonly record struct Suspension(
    Timestamp Began, Timestamp? Reached, Timestamp Ended, int By = TimelineEvent.UnknownThread, int Last = TimelineEvent.UnknownThread)
{
    /// <summary>All of it.</summary>
    public Duration Time => Ended - Began;
}

/// <summary>Findings and the accounts that they are evidence for.</summary>
public interface ITimelineObserver : IFindings
{
    /// <summary>An iteration ended and its account is closed.</summary>
    void IterationClosed(in UnitAccount account)
    {
    }

    /// <summary>A unit of work of another kind ended and its account is closed.</summary>
    void UnitClosed(in UnitAccount account)
    {
    }
}

/// <summary>A stretch of time in which one thread held the CPU that a thread of the target waited for.</summary>
/// <param name="Waiter">The thread of the target.</param>
/// <param name="Holder">
/// The holder; 0 for an idle CPU, <see cref="TimelineEvent.ExitingThread"/>, or <see cref="TimelineEvent.UnknownHolder"/>
/// where it is not known.
/// </param>
/// <param name="From">When the stretch began.</param>
/// <param name="Time">How long it lasted.</param>
/// <param name="Elsewhere">
/// Where the holder is a thread of the target itself: the thread of another process that meanwhile had the other CPUs most,
/// if none of them was free; else <see cref="TimelineEvent.UnknownHolder"/>. Threads of one program share a CPU for that reason,
/// too, and not only because they are more than the CPUs.
/// </param>
public readonly record struct CpuHold(
    int Waiter, int Holder, Timestamp From, Duration Time, int Elsewhere = TimelineEvent.UnknownHolder);

/// <summary>
/// Waits and holders on their way to the observer: some thousand a second, told in batches. Never later
/// than the account that has them in it.
/// </summary>
internal sealed class Findings(ITimelineObserver observer)
{
    private const int Most = 256;

    private readonly Duration[] _waits = new Duration[Most];
    private readonly CpuHold[] _holds = new CpuHold[Most];
    private int _waitsFound;
    private int _holdsFound;

    public void Add(Duration wait)
    {
        if (_waitsFound == Most) Tell();
        _waits[_waitsFound++] = wait;
    }

    public void Add(in CpuHold hold)
    {
        if (_holdsFound == Most) Tell();
        _holds[_holdsFound++] = hold;
    }

    /// <summary>Tells what was found since the last call.</summary>
    public void Tell()
    {
        (int waits, int holds) = (_waitsFound, _holdsFound);
        (_waitsFound, _holdsFound) = (0, 0);
        if (waits > 0) observer.RunQueueWaited(_waits.AsSpan(0, waits));
        if (holds > 0) observer.PreemptedBy(_holds.AsSpan(0, holds));
    }
}
