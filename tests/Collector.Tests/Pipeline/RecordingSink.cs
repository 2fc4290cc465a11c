using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

/// <summary>Keeps everything it receives.</summary>
internal sealed class RecordingSink : IFindingsSink
{
    public List<(WorkloadConfiguration Configuration, IterationAccount Account)> Accounts { get; } = [];

    public List<Duration> Waits { get; } = [];

    public List<Duration> Suspensions { get; } = [];

    public void IterationClosed(WorkloadConfiguration configuration, in IterationAccount account) =>
        Accounts.Add((configuration, account));

    public void RunQueueWaited(Duration wait) => Waits.Add(wait);

    public void Suspended(Duration suspension) => Suspensions.Add(suspension);
}
