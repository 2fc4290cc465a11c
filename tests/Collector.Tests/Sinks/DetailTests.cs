using System.Diagnostics.Metrics;
using Observatory.Collector.Sinks.Details;
using Observatory.Collector.Sinks.Json;
using Observatory.Collector.Sinks.Summary;
using Observatory.Collector.Sources;
using Observatory.Timeline;

namespace Observatory.Collector.Tests.Sinks;

public sealed class DetailTests
{
    [Fact]
    public void Counts_are_added_up_over_the_iterations_of_a_configuration()
    {
        SummaryRow row = RowAt(Tiers.Kernel, times: 3);
        Assert.Equal(new BesideDocument(6, 3, 9, 12, 15, 18, 21, 12 * 0.5e-6, 18 * 0.5e-6), BesideDocument.Of(row));
    }

    [Theory]
    [InlineData(Tiers.Thread)]
    [InlineData(Tiers.ProcFs)]
    [InlineData(Tiers.None)]
    public void What_a_tier_cannot_count_is_null(string tier)
    {
        BesideDocument beside = BesideDocument.Of(RowAt(tier, times: 1));
        Assert.Null(beside.Migrations);
        Assert.Equal(tier == Tiers.Thread, beside.VoluntarySwitches is not null);
        Assert.Equal(tier == Tiers.Thread, beside.PoolMinorFaults is not null);
        Assert.Equal(tier == Tiers.Thread, beside.ModelledFaultSeconds is not null);
        Assert.Equal(tier == Tiers.Thread, PoolDocument.Of(RowAt(tier, times: 1)) is not null);
    }

    [Fact]
    public void A_state_that_seems_less_than_before_does_not_make_the_counter_fall()
    {
        Queue<PoolAccount> seen = new([Pool(blocked: 100), Pool(blocked: 60), Pool(blocked: 130)]);
        var metrics = new PoolMetrics(seen.Dequeue, Samples.Kernel(Tiers.Kernel), Samples.Kernel(Tiers.EventPipe));
        Assert.Equal([100e-9, 100e-9, 130e-9], Enumerable.Range(0, 3).Select(_ => Blocked(metrics.Read())));
    }

    [Fact]
    public void Parallel_efficiency_is_what_ran_of_what_could_have_run()
    {
        // A window of 1000 ns in which two threads run: one all the time, the other half of it.
        var totals = new DetailTotals();
        totals.Add(new IterationDetails { Pool = Simulated() });
        Assert.Equal(0.75, totals.Efficiency(2));
        Assert.Null(new DetailTotals().Efficiency(2));
    }

    private static SummaryRow RowAt(string tier, int times)
    {
        var summary = new AccountSummary(Samples.Kernel(tier), faultCost: Samples.FaultCost);
        for (int i = 0; i < times; i++)
        {
            summary.IterationClosed(Samples.Configuration(0), Samples.Account(i, 0) with
            {
                Details = new IterationDetails
                {
                    VoluntarySwitches = 2, InvoluntarySwitches = 1, Migrations = 3, MinorFaults = 4,
                    MajorFaults = 5, PoolMinorFaults = 6, PoolMajorFaults = 7,
                },
            });
        }

        return summary.Rows().Single();
    }

    private static double Blocked(IReadOnlyList<Measurement<double>> measured) =>
        measured.Single(one => one.Tags.ToArray().Any(tag => Equals(tag.Value, "blocked"))).Value;

    /// <summary>One thread that slept for some nanoseconds of 200 and ran for the rest, as the timeline tells it.</summary>
    private static PoolAccount Pool(long blocked) => Watch(200, timeline =>
    {
        timeline.Add(TimelineEvent.SwitchIn(new(0), 0, 7, 7));
        timeline.Add(TimelineEvent.SwitchOut(new(200 - blocked), 0, 7, 7));
    });

    private static PoolAccount Simulated() => Watch(1000, timeline =>
    {
        timeline.Add(TimelineEvent.SwitchIn(new(0), 0, 7, 7));
        timeline.Add(TimelineEvent.SwitchIn(new(0), 1, 8, 7));
        timeline.Add(TimelineEvent.SwitchOut(new(500), 1, 8, 7));
    });

    private static PoolAccount Watch(long length, Action<Timeline.Timeline> happen)
    {
        var timeline = new Timeline.Timeline(process: 7, new Nobody());
        timeline.Join(StreamKind.Runtime, new(0));
        timeline.Join(StreamKind.Scheduler, new(0));
        happen(timeline);
        // Somebody else's CPU: it moves the time on.
        timeline.Add(TimelineEvent.SwitchIn(new(length), 9, 99, 99));
        timeline.Advance(StreamKind.Runtime, new(length));
        timeline.Advance(StreamKind.Scheduler, new(length));
        return timeline.ProcessTimes;
    }

    private sealed class Nobody : ITimelineObserver
    {
        public void IterationClosed(in IterationAccount account)
        {
        }

        public void RunQueueWaited(Duration wait)
        {
        }

        public void Suspended(Duration suspension)
        {
        }
    }
}
