using Observatory.Collector.Pipeline;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector.Sources.Kernel;

/// <summary>Records of a recording that has a ring for each thread of the target, and sees nobody else.</summary>
/// <remarks>
/// To the timeline each thread is alone on a CPU of its own, numbered like the thread: order and unbroken chains hold
/// within a ring, and there is a ring a thread. So migrations and preemptors are not known at this tier.
/// </remarks>
internal sealed class ThreadRecordTranslator(int target, SourceStatus status, ThreadNames names)
    : RecordTranslator(target, status, names)
{
    private readonly int _target = target;

    /// <summary>What the new threads did before is not known.</summary>
    public override void OnRefreshed(Timestamp at)
    {
        base.OnRefreshed(at);
        Add(TimelineEvent.LossEnded(at, LossScope.Scheduler));
    }

    public override void OnExit(in ExitRecord r)
    {
        base.OnExit(r);
        // No switch out follows this record.
        if (r.ProcessId == _target) Add(TimelineEvent.Exited(new Timestamp(r.Time), r.ThreadId, r.ThreadId, r.ProcessId));
    }

    protected override int CpuOf(int cpu, int thread) => thread;

    protected override void AddSwitchIn(TimelineEvent change)
    {
        // Nobody sees wake-ups. Without one, the timeline would take all of the time off the CPU for waiting for it;
        // with one at the last instant it is blocked, which at this tier includes that wait.
        Add(TimelineEvent.Waking(change.At, change.Cpu, change.Thread));
        Add(change);
    }

    protected override LossScope? ScopeOf(in LostRecord lost) =>
        lost.ThreadId == LostRecord.OfAnyThread ? LossScope.Scheduler : LossScope.Cpu(lost.ThreadId);
}
