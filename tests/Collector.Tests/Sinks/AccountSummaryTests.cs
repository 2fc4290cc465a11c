using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class AccountSummaryTests
{
    private readonly AccountSummary _summary = new(Samples.Kernel(Tiers.Kernel));

    [Fact]
    public void Adds_accounts_up_by_configuration_in_the_order_of_the_workload()
    {
        Add(configuration: 1, count: 3);
        Add(configuration: 0, count: 2);
        Assert.Equal([(0L, 2L), (1L, 3L)], _summary.Rows().Select(row => (row.Configuration.Index, row.Iterations)));
        Assert.Equal([true, false], _summary.Rows().Select(row => row.IsNewest));
    }

    [Fact]
    public void Shares_and_throughput_are_over_all_wall_time()
    {
        Add(configuration: 0, count: 4);
        SummaryRow row = _summary.Rows().Single();
        Assert.Equal(0.75, row.Share(AccountState.Running));
        Assert.Equal(0.25, row.Share(AccountState.Preempted));
        Assert.Equal(134_217_728 / 1e6, row.GigaFlops, 9);
        Assert.Equal(new Duration(4_000_000), row.Wall);
    }

    [Fact]
    public void Quantiles_are_within_a_thousandth_of_the_latencies()
    {
        for (int i = 1; i <= 100; i++)
            _summary.IterationClosed(Samples.Configuration(0), Samples.Account(i, 0, wall: i * 1_000_000));
        SummaryRow row = _summary.Rows().Single();
        Assert.InRange(row.Median.Nanoseconds, 50_000_000, 50_050_000);
        Assert.InRange(row.P95.Nanoseconds, 95_000_000, 95_095_000);
        Assert.InRange(row.P99.Nanoseconds, 99_000_000, 99_099_000);
    }

    [Fact]
    public void Incomplete_accounts_count_as_iterations_and_as_incomplete()
    {
        _summary.IterationClosed(Samples.Configuration(0), Samples.Account(1, 0, other: AccountState.Unknown));
        Add(configuration: 0, count: 1);
        SummaryRow row = _summary.Rows().Single();
        Assert.Equal((2L, 1L), (row.Iterations, row.Incomplete));
    }

    private void Add(long configuration, int count)
    {
        for (int i = 0; i < count; i++)
            _summary.IterationClosed(Samples.Configuration(configuration), Samples.Account(i, configuration));
    }
}
