using System.Diagnostics.Metrics;

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
