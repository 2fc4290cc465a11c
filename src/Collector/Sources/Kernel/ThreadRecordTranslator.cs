using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Records of a recording that has a ring for each thread of the target, and sees nobody else.</summary>
/// <remarks>
/// To the timeline each thread is alone on a CPU of its own (<see cref="LossScope.Thread(int)"/>): order and unbroken
/// chains hold within a ring, and there is a ring a thread, so that a loss concerns one thread only. Migrations and
/// preemptors are not known at this tier.
/// </remarks>
/// <param name="target">The process.</param>
/// <param name="status">Counts what is read.</param>
/// <param name="names">Learns names.</param>
/// <param name="recorded">The threads that were recorded when the recording began.</param>
internal sealed class ThreadRecordTranslator(
    int target, SourceStatus status, ThreadNames names, IEnumerable<RecordedThread> recorded)
    : RecordTranslator(target, status, names)
{
    private readonly int _target = target;
    private readonly HashSet<int> _recorded = [.. recorded.Select(thread => thread.ThreadId)];
    private HashSet<int> _ending = [];

    /// <inheritdoc />
    public override void OnRefreshed(Timestamp at, IReadOnlyList<RecordedThread> recorded)
    {
        base.OnRefreshed(at, recorded);
        foreach (RecordedThread thread in recorded)
        {
            // What it did before it was recorded is not known.
            if (_recorded.Add(thread.ThreadId)) Add(TimelineEvent.LossEnded(
                new Timestamp(thread.Since), LossScope.Thread(thread.ThreadId), IncompleteReasons.NotJoined));
        }

        EndAbsent(at, recorded);
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
        base.OnExit(r);
        // No switch out follows this record.
        if (r.ProcessId == _target) End(new Timestamp(r.Time), r.ThreadId);
    }

    /// <summary>
    /// A thread that is not recorded any more has ended. Its last record says so too, when it is not lost: between this
    /// look and the next it has been read.
    /// </summary>
    private void EndAbsent(Timestamp at, IReadOnlyList<RecordedThread> recorded)
    {
        HashSet<int> absent = [.. _recorded.Except(recorded.Select(thread => thread.ThreadId))];
        foreach (int thread in absent.Intersect(_ending).ToArray())
        {
            End(at, thread);
            absent.Remove(thread);
        }

        _ending = absent;
    }

    private void End(Timestamp at, int thread)
    {
        // Once: the record may come after two looks have missed the thread.
        if (_recorded.Remove(thread)) Add(TimelineEvent.Exited(at, RingOf(thread), thread, _target));
    }

    private static int RingOf(int thread) => LossScope.Thread(thread).Value;

    protected override int CpuOf(int cpu, int thread) => RingOf(thread);

    protected override void AddSwitchIn(TimelineEvent change)
    {
        // Nobody sees wake-ups. Without one, the timeline would take all of the time off the CPU for waiting for it;
        // with one at the last instant it is blocked, which at this tier includes that wait.
        Add(TimelineEvent.Waking(change.At, change.Cpu, change.Thread));
        Add(change);
    }

    protected override LossScope? ScopeOf(in LostRecord lost) =>
        lost.ThreadId == LostRecord.OfAnyThread ? LossScope.Scheduler : LossScope.Thread(lost.ThreadId);
}
