using System.Diagnostics.Metrics;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class DetailTests
{
    [Fact]
    public void Counts_are_added_up_over_the_iterations_of_a_configuration()
    {
        SummaryRow row = RowAt(Tiers.Kernel, times: 3);
        Assert.Equal(new DetailsDocument(6, 3, 9, 12, 15, 18, 21, 12 * 0.5e-6, 18 * 0.5e-6), DetailsDocument.From(row));
    }

    [Theory]
    [InlineData(Tiers.Thread)]
    [InlineData(Tiers.ProcFs)]
    [InlineData(Tiers.None)]
    public void What_a_tier_cannot_count_is_null(string tier)
    {
        DetailsDocument beside = DetailsDocument.From(RowAt(tier, times: 1));
        Assert.Null(beside.Migrations);
        Assert.Equal(tier == Tiers.Thread, beside.VoluntarySwitches is not null);
        Assert.Equal(tier == Tiers.Thread, beside.PoolMinorFaults is not null);
        Assert.Equal(tier == Tiers.Thread, beside.ModelledFaultSeconds is not null);
        Assert.Equal(tier == Tiers.Thread, PoolDocument.From(RowAt(tier, times: 1)) is not null);
    }

    [Fact]
    public void A_state_that_seems_less_than_before_does_not_make_the_counter_fall()
    {
        Queue<PoolAccount> seen = new([SimulatedPool.Sleeper(blocked: 100), SimulatedPool.Sleeper(blocked: 60), SimulatedPool.Sleeper(blocked: 130)]);
        var metrics = new PoolMetrics(seen.Dequeue, Samples.Kernel(Tiers.Kernel), Samples.Kernel(Tiers.EventPipe));
        Assert.Equal([100e-9, 100e-9, 130e-9], Enumerable.Range(0, 3).Select(_ => Blocked(metrics.Read())));
    }

    [Fact]
    public void Parallel_efficiency_is_what_ran_of_what_could_have_run()
    {
        // A window of 1000 ns in which two threads run: one all the time, the other half of it.
        var totals = new DetailTotals();
        totals.Add(new UnitDetails { Pool = SimulatedPool.TwoThreads() });
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
                Details = new UnitDetails
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
}
