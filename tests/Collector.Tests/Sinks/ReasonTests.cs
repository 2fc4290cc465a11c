using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class ReasonTests
{
    [Fact]
    public void Every_reason_has_a_name() => Assert.Equal(
        [
            "records_lost", "events_dropped", "chain_broken", "contradiction", "late", "stalled", "no_counters",
            "unseen_wake_up", "not_seen", "not_joined",
        ],
        ReasonNames.All.Select(ReasonNames.Of));

    [Theory]
    [InlineData(IncompleteReasons.Late | IncompleteReasons.NotJoined, IncompleteReasons.Late)]
    [InlineData(IncompleteReasons.NotSeen | IncompleteReasons.RecordsLost, IncompleteReasons.RecordsLost)]
    [InlineData(IncompleteReasons.None, IncompleteReasons.None)]
    public void The_most_telling_one_stands_for_all(IncompleteReasons reasons, IncompleteReasons main) =>
        Assert.Equal(main, ReasonNames.MainOf(reasons));

    [Fact]
    public void Each_incomplete_iteration_counts_once_and_every_reason_counts_from_zero()
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        Dictionary<string, long> counted = [];
        var meters = services.GetRequiredService<IMeterFactory>();
        using MeterListener listener = Listen(meters, counted);
        SourceStatus kernel = Samples.Kernel(Tiers.Kernel);
        var metrics = new CollectorMetrics(meters, kernel, kernel);
        metrics.IterationClosed(Samples.Configuration(0), Samples.Account(1, 0));
        Assert.Equal(ReasonNames.All.Select(ReasonNames.Of).Order(), counted.Keys.Order());
        Assert.Equal(0, counted.Values.Sum());

        IterationAccount lacking = Samples.Account(2, 0) with { Reasons = IncompleteReasons.Late | IncompleteReasons.NotSeen };
        metrics.IterationClosed(Samples.Configuration(0), lacking);
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
            counted[reason] = counted.GetValueOrDefault(reason) + count;
        });
        listener.Start();
        return listener;
    }
}
