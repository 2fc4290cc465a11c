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

    /// <summary>A minor page fault takes half a microsecond.</summary>
    public static readonly FaultCost FaultCost = new(0.5e-6, 0.4e-6, 0.6e-6, Rounds: 7, FaultsPerRound: 1024);

    /// <summary>An account with hardware counters beside it: 2 instructions per cycle, and a counter that the machine lacks.</summary>
    public static IterationAccount Counted(long iteration, long configuration, double share = 1) => Account(iteration, configuration) with
    {
        Details = new IterationDetails
        {
            Counted = new CountedEvents(CounterSet.Hardware.Name, CounterSet.Hardware.Names, [900, 1_800, 70, null], share),
        },
    };

    /// <summary>An account of which 3/4 are running and 1/4 is something else.</summary>
    public static IterationAccount Account(
        long iteration, long configuration, long wall = 1_000_000, AccountState other = AccountState.Preempted)
    {
        var times = default(StateTimes);
        times[AccountState.Running] = new Duration(wall * 3 / 4);
        times[other] = new Duration(wall / 4);
        IncompleteReasons reasons = other == AccountState.Unknown ? IncompleteReasons.ChainBroken : IncompleteReasons.None;
        return new IterationAccount(7, iteration, configuration, new Timestamp(0), new Timestamp(wall), times, reasons);
    }
}
