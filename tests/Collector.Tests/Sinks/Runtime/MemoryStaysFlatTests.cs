using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

/// <summary>However many different types, threads and items a target has, what is kept of them is bounded.</summary>
public sealed class MemoryStaysFlatTests
{
    private const long MostGrowth = 8_000_000;

    [Fact]
    public void Two_million_events_that_are_all_different_leave_no_more_than_two_hundred_thousand()
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var sinks = new RuntimeSinks(
            services.GetRequiredService<IMeterFactory>(), Environment.ProcessId, EventDetail.Default, new ConfigurationRegistry(), new ThreadNames(), recording: null);
        var waits = new OpenSpans<int, int>(most: 10_000);
        Feed(sinks.Handler, waits, from: 0, to: 200_000);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Feed(sinks.Handler, waits, from: 200_000, to: 2_000_000);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, MostGrowth);
    }

    private static void Feed(IRuntimeEventHandler handler, OpenSpans<int, int> waits, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            handler.Allocated(new AllocationSample($"Type{i}", "small", 100_000, 1), configuration: i);
            handler.ExceptionThrown($"Exception{i}");
            handler.Contended(owner: 0, new Duration(i));
            handler.Paused(new GcPause(new Timestamp(i), new Duration(10), new Duration(1), i % 3, "alloc_small"), configuration: i);
            waits.Begin(i, new Timestamp(i), i);
        }
    }
}
