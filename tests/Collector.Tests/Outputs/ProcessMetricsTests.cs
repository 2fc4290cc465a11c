using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class OwnCostTests
{
    [Fact]
    public void The_parts_add_up_to_the_process_and_none_falls()
    {
        var cost = new OwnCostMetrics();
        double before = Environment.CpuUsage.TotalTime.TotalSeconds;
        Dictionary<string, double> first = ByPart(cost.Read());
        Assert.True(first.Values.Sum() >= before - 0.001, $"{first.Values.Sum()} of {before}");
        Dictionary<string, double> second = ByPart(cost.Read());
        Assert.All(first, part => Assert.True(second[part.Key] >= part.Value));
    }

    [Fact]
    public void A_gap_grows_while_a_source_is_down_and_stands_still_while_it_is_up()
    {
        var source = new SourceStatus("runtime");
        Assert.True(SpinWait.SpinUntil(() => source.Down > TimeSpan.Zero, TimeSpan.FromSeconds(30)));
        source.Started(Tiers.EventPipe, "");
        TimeSpan atRest = source.Down;
        Assert.Equal(atRest, source.Down);
        source.Started(Tiers.EventPipe, "");
        Assert.Equal(atRest, source.Down);
        source.Stopped("");
        Assert.True(SpinWait.SpinUntil(() => source.Down > atRest, TimeSpan.FromSeconds(30)));
    }

    private static Dictionary<string, double> ByPart(IEnumerable<Measurement<double>> measured) =>
        measured.ToDictionary(one => (string)one.Tags.ToArray().Single().Value!, one => one.Value);
}

public sealed class PressureMetricTests
{
    [Theory]
    [InlineData(3_000_000, 1_000_000, new[] { 3.0, 1.0 })]
    [InlineData(3_000_000, 0, new[] { 3.0, 0.0 })]
    [InlineData(3_000_000, -1, new[] { 3.0 })]
    public void What_the_kernel_does_not_say_has_no_series(long some, long full, double[] expected) =>
        Assert.Equal(expected, MachineMetrics.Stalled("cpu", new PressureTotals(some, full)).Select(one => one.Value));
}

/// <summary>Tests that measure the memory of the whole process: what others allocate meanwhile would be measured too.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OwnMemory
{
    public const string Name = "memory of the process";
}

/// <summary>However many different types, threads and items a target has, what is kept of them is bounded.</summary>
[Collection(OwnMemory.Name)]
public sealed class MemoryStaysFlatTests
{
    private const long MostGrowth = 8_000_000;

    [Fact]
    public void Two_million_events_that_are_all_different_leave_no_more_than_two_hundred_thousand()
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        IMeterFactory meters = services.GetRequiredService<IMeterFactory>();
        var lasting = new RuntimeInstruments(meters, new ConfigurationRegistry(), new ThreadNames());
        using var looks = new TargetLooks(_ => { });
        IRuntimeEventHandler sinks = TargetInstruments.Create(
            meters, Environment.ProcessId, EventDetail.Default, looks, [.. lasting.Handlers, new CauseSink(new ThreadNames(), faultSeconds: null)]);
        var waits = new OpenSpans<int, int>(most: 10_000);
        Feed(sinks, waits, from: 0, to: 200_000);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Feed(sinks, waits, from: 200_000, to: 2_000_000);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, MostGrowth);
    }

    private static void Feed(IRuntimeEventHandler handler, OpenSpans<int, int> waits, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            handler.Allocated(new AllocationSample($"Type{i}", "small", 100_000, 1), configuration: i);
            handler.ExceptionThrown($"Exception{i}");
            handler.Contended(new LockWait(i, 0, new Timestamp(i), new Duration(i)));
            handler.Paused(new GcPause(new Timestamp(i), new Duration(10), new Duration(1), i % 3, "alloc_small"), configuration: i);
            waits.Begin(i, new Timestamp(i), i);
        }
    }
}
