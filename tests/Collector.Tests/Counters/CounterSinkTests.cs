using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class CounterSinkTests
{
    [Fact]
    public void Json_adds_them_up_and_has_null_for_what_the_machine_lacks() => Assert.Equal(
        """
        {"Set":"hardware","Iterations":2,"CountedShare":0.75,"InstructionsPerCycle":2,
        "Counts":{"cycles":1800,"instructions":3600,"last_level_cache_misses":140,"data_tlb_misses":null}}
        """.ReplaceLineEndings(""),
        JsonSerializer.Serialize(CountersDocument.From(Row(Samples.Counted(1, 0), Samples.Counted(2, 0, share: 0.5), Samples.Account(3, 0)))));

    [Fact]
    public void Without_counts_there_is_no_json_and_no_column()
    {
        SummaryRow row = Row(Samples.Account(1, 0));
        Assert.Null(CountersDocument.From(row));
        Assert.DoesNotContain("IPC", Columns.For([row]).Select(column => column.Head));
    }

    [Fact]
    public void With_counts_there_is_a_column_for_instructions_per_cycle()
    {
        SummaryRow[] rows = [Row(Samples.Counted(1, 0)), Row(Samples.Account(1, 0))];
        Assert.Equal(["2.00", "n/a"], rows.Select(Columns.For(rows).Single(column => column.Head == "IPC").Text));
    }

    [Fact]
    public void Metrics_have_a_series_for_what_was_counted_only()
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        IMeterFactory meters = services.GetRequiredService<IMeterFactory>();
        var metrics = new CounterMetrics(meters);
        List<string> heard = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Meter.Scope == meters) to.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => heard.Add(
            $"{instrument.Name} {string.Join(',', tags.ToArray().Where(tag => tag.Key is "cache" or "scaled").Select(tag => tag.Value))} {value}"));
        listener.Start();
        metrics.IterationClosed(Samples.Configuration(0), Samples.Account(1, 0));
        Assert.Empty(heard);
        metrics.IterationClosed(Samples.Configuration(0), Samples.Counted(1, 0, share: 0.5));
        Assert.Equal(
            [
                "observatory.iteration.cpu.cycles  900", "observatory.iteration.instructions  1800",
                "observatory.iteration.cache.misses last_level 70", "observatory.iterations.counted true 1",
            ],
            heard);
    }

    private static SummaryRow Row(params UnitAccount[] accounts)
    {
        var summary = new AccountSummary(Samples.Kernel(Tiers.Kernel));
        foreach (UnitAccount account in accounts) summary.IterationClosed(Samples.Configuration(0), account);
        return summary.Rows().Single();
    }
}
