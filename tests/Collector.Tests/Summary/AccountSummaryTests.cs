using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
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

public sealed class ReasonTests
{
    [Fact]
    public void Every_reason_has_a_name() => Assert.Equal(
        [
            "records_lost", "events_dropped", "chain_broken", "contradiction", "late", "stalled", "paused", "no_counters",
            "unseen_wake_up", "not_seen", "not_joined", "thread_changed", "no_segments",
        ],
        Names.ReasonsByWeight.Select(Names.Reason));

    [Theory]
    [InlineData(IncompleteReasons.Late | IncompleteReasons.NotJoined, IncompleteReasons.Late)]
    [InlineData(IncompleteReasons.NotSeen | IncompleteReasons.RecordsLost, IncompleteReasons.RecordsLost)]
    [InlineData(IncompleteReasons.None, IncompleteReasons.None)]
    public void The_most_telling_one_stands_for_all(IncompleteReasons reasons, IncompleteReasons main) =>
        Assert.Equal(main, Names.MainReason(reasons));

    [Fact]
    public void Each_incomplete_iteration_counts_once_and_every_reason_counts_from_zero()
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        Dictionary<string, long> counted = [];
        var meters = services.GetRequiredService<IMeterFactory>();
        using MeterListener listener = Listen(meters, counted);
        SourceStatus kernel = Samples.Kernel(Tiers.Kernel);
        var accounts = new AccountSummary(kernel);
        new AccountMetrics(accounts.Sums, kernel, kernel).Observe(meters);
        accounts.IterationClosed(Samples.Configuration(0), Samples.Account(1, 0));
        listener.RecordObservableInstruments();
        Assert.Equal(Names.ReasonsByWeight.Select(Names.Reason).Order(), counted.Keys.Order());
        Assert.Equal(0, counted.Values.Sum());

        UnitAccount lacking = Samples.Account(2, 0) with { Reasons = IncompleteReasons.Late | IncompleteReasons.NotSeen };
        accounts.IterationClosed(Samples.Configuration(0), lacking);
        listener.RecordObservableInstruments();
        Assert.Equal(1, counted["late"]);
        Assert.Equal(1, counted.Values.Sum());
    }

    private static MeterListener Listen(IMeterFactory meters, Dictionary<string, long> counted)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                bool isMeant = instrument.Name == "observatory.iterations.incomplete" && instrument.Meter.Scope == meters;
                if (isMeant) listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, labels, _) =>
        {
            string reason = (string)labels.ToArray().Single(label => label.Key == "reason").Value!;
            counted[reason] = count;
        });
        listener.Start();
        return listener;
    }
}
