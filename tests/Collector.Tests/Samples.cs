using Observatory.Contract;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

/// <summary>Small things that tests are made of.</summary>
internal static class Samples
{
    public static WorkloadConfiguration Configuration(long index) =>
        new(index, "linear", 8, 512, 128 << (int)index, "float32", 2, FloatingPointOperations: 134_217_728, InputBytes: 2_097_152);

    /// <summary>A kernel source that delivers at a tier.</summary>
    public static SourceStatus Kernel(string tier)
    {
        var kernel = new SourceStatus("kernel");
        kernel.Started(tier, "");
        return kernel;
    }

    /// <summary>One unit of a millisecond that a neighbour held up for three quarters of it.</summary>
    public static WhyReport Why(string neighbour = "stress")
    {
        var causes = new CauseTimes();
        causes.Add(new Cause(CauseKind.Neighbour, neighbour, 4711), 750_000);
        causes.Add(new Cause(CauseKind.Work), 250_000);
        var units = new ConfigurationCauses("linear [8, 512, 128]");
        units.Add(1, 7, new Timestamp(1), causes.Total, causes);
        return WhyReport.Create(new CauseSnapshot([units], new CauseTimes(), 0, new Dictionary<string, long>(), TargetLimits.None), observedSeconds: 1, deep: false);
    }

    /// <summary>A minor page fault takes half a microsecond.</summary>
    public static readonly FaultCost FaultCost = new(0.5e-6, 0.4e-6, 0.6e-6, Rounds: 7, FaultsPerRound: 1024);

    /// <summary>An account with hardware counters beside it: 2 instructions per cycle, and a counter that the machine lacks.</summary>
    public static UnitAccount Counted(long iteration, long configuration, double share = 1) => Account(iteration, configuration) with
    {
        Details = new UnitDetails
        {
            Counted = new CountedEvents(CounterSet.Hardware.Name, CounterSet.Hardware.Names, [900, 1_800, 70, null], share),
        },
    };

    /// <summary>An account of which 3/4 are running and 1/4 is something else.</summary>
    public static UnitAccount Account(
        long iteration, long configuration, long wall = 1_000_000, AccountState other = AccountState.Preempted)
    {
        var times = default(StateTimes);
        times[AccountState.Running] = new Duration(wall * 3 / 4);
        times[other] = new Duration(wall / 4);
        IncompleteReasons reasons = other == AccountState.Unknown ? IncompleteReasons.ChainBroken : IncompleteReasons.None;
        return new UnitAccount(7, iteration, configuration, new Timestamp(0), new Timestamp(wall), times, reasons);
    }
}

/// <summary>Pool accounts as the timeline tells them.</summary>
internal static class SimulatedPool
{
    /// <summary>One thread that slept for some nanoseconds of 200 and ran for the rest, as the timeline tells it.</summary>
    public static PoolAccount Sleeper(long blocked) => Watch(200, timeline =>
    {
        timeline.Add(TimelineEvent.SwitchIn(new(0), 0, 7, 7));
        timeline.Add(TimelineEvent.SwitchOut(new(200 - blocked), 0, 7, 7));
    });

    /// <summary>Two threads in 1000 ns: one ran all the time, the other half of it.</summary>
    public static PoolAccount TwoThreads() => Watch(1000, timeline =>
    {
        timeline.Add(TimelineEvent.SwitchIn(new(0), 0, 7, 7));
        timeline.Add(TimelineEvent.SwitchIn(new(0), 1, 8, 7));
        timeline.Add(TimelineEvent.SwitchOut(new(500), 1, 8, 7));
    });

    private static PoolAccount Watch(long length, Action<Timeline.Timeline> happen)
    {
        var timeline = new Timeline.Timeline(process: 7, new NoObserver());
        timeline.Join(StreamKind.Runtime, new(0));
        timeline.Join(StreamKind.Scheduler, new(0));
        happen(timeline);
        // A switch of another process: it moves the time on.
        timeline.Add(TimelineEvent.SwitchIn(new(length), 9, 99, 99));
        timeline.Advance(StreamKind.Runtime, new(length));
        timeline.Advance(StreamKind.Scheduler, new(length));
        return timeline.ProcessTimes;
    }

    private sealed class NoObserver : ITimelineObserver;
}

/// <summary>Keeps everything it receives.</summary>
internal sealed class RecordingSink : IFindingsSink
{
    public List<(WorkloadConfiguration Configuration, UnitAccount Account)> Accounts { get; } = [];

    public List<Duration> Waits { get; } = [];

    public List<Duration> Suspensions { get; } = [];

    public void IterationClosed(WorkloadConfiguration configuration, in UnitAccount account) =>
        Accounts.Add((configuration, account));

    public void RunQueueWaited(ReadOnlySpan<Duration> waits) => Waits.AddRange(waits);

    public void Suspended(in Suspension suspension) => Suspensions.Add(suspension.Time);
}
