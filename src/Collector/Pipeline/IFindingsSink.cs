using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>An observer of the timeline that receives each account together with its configuration, once that is known.</summary>
internal interface IFindingsSink : ITimelineObserver
{
    void IterationClosed(WorkloadConfiguration configuration, in IterationAccount account);
}
