using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>A place where results go. Called on the pump's thread, in the order of time; must not block.</summary>
internal interface IFindingsSink
{
    void IterationClosed(WorkloadConfiguration configuration, in IterationAccount account);

    void RunQueueWaited(Duration wait)
    {
    }

    void Suspended(Duration suspension)
    {
    }

    /// <summary>Another thread held the CPU that a thread of the target waited for.</summary>
    void PreemptedBy(int thread, Duration time)
    {
    }
}
