using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Records of a recording that has a ring for each thread of the target, and sees no other thread.</summary>
/// <remarks>
/// To the timeline each thread is alone on a CPU of its own (<see cref="LossScope.Thread(int)"/>): order and unbroken
/// chains hold within a ring, and there is a ring a thread, so that a loss concerns one thread only. Migrations and
/// preemptors are not known at this tier.
/// </remarks>
/// <param name="target">The process.</param>
/// <param name="status">Counts what is read.</param>
/// <param name="names">Learns names.</param>
/// <param name="post">Takes the events of each ring.</param>
/// <param name="recorded">The threads that were recorded when the recording began.</param>
/// <param name="isAlive">Whether the target has a thread now; null to ask /proc.</param>
internal sealed class ThreadRecordTranslator(
    int target,
    SourceStatus status,
    ThreadNames names,
    EventsReceiver post,
    IEnumerable<RecordedThread> recorded,
    Func<int, bool>? isAlive = null)
    : RecordTranslator(target, status, names, post, isAlive)
{
    private readonly int _target = target;
    private HashSet<int> _recorded = [.. recorded.Select(thread => thread.ThreadId)];

    /// <inheritdoc />
    public override void OnRefreshed(Timestamp at, IReadOnlyList<RecordedThread> recorded)
    {
        foreach (RecordedThread thread in recorded)
        {
            if (_recorded.Contains(thread.ThreadId)) continue;
            // What it did before it was recorded is not known.
            Know(thread.ThreadId);
            Add(TimelineEvent.LossEnded(
                new Timestamp(thread.Since), LossScope.Thread(thread.ThreadId), IncompleteReasons.NotJoined));
        }

        foreach (int thread in _recorded) Know(thread);
        _recorded = [.. recorded.Select(thread => thread.ThreadId)];
        base.OnRefreshed(at, recorded);
    }

    /// <summary>Nothing of the new thread can be missing from before this instant.</summary>
    public override void OnFork(in ForkRecord r)
    {
        base.OnFork(r);
        // A record of its lane that changes nothing: a loss of a lane lasts from its last record.
        if (r.ProcessId == _target) Add(TimelineEvent.Waking(new Timestamp(r.Time), RingOf(r.ThreadId), r.ThreadId));
    }

    public override void OnExit(in ExitRecord r)
    {
        bool isKnown = r.ProcessId == _target && (IsKnown(r.ThreadId) || _recorded.Contains(r.ThreadId));
        base.OnExit(r);
        // No switch out follows this record.
        if (!isKnown) return;
        _recorded.Remove(r.ThreadId);
        End(new Timestamp(r.Time), r.ThreadId);
    }

    /// <summary>A thread that is gone before it gets a ring leaves no record of its end.</summary>
    protected override bool MissesExits => true;

    protected override bool IsAlive(int thread) => _recorded.Contains(thread) || base.IsAlive(thread);

    private static int RingOf(int thread) => LossScope.Thread(thread).Value;

    protected override int CpuOf(int cpu, int thread) => RingOf(thread);

    protected override void AddSwitchIn(Timestamp at, int ring, int thread, int process)
    {
        // Wake-ups are not seen at this tier. Without one, the timeline would take all of the time off the CPU for waiting
        // for it; with one at the last instant it is blocked, which at this tier includes that wait.
        Add(TimelineEvent.Waking(at, ring, thread));
        base.AddSwitchIn(at, ring, thread, process);
    }

    protected override LossScope ScopeOf(in LostRecord lost) =>
        lost.ThreadId == LostRecord.OfAnyThread ? LossScope.Scheduler : LossScope.Thread(lost.ThreadId);
}
