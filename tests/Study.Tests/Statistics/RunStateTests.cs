using MathNet.Numerics.Distributions;

namespace Observatory.Study.Tests;

/// <summary>What the configurations of a run show together and none of them alone.</summary>
public sealed class RunStateTests
{
    private const int Configurations = 24;

    [Fact]
    public void Visits_that_know_nothing_of_each_other_are_rarely_said_to_resemble()
    {
        var random = new Random(51);
        VisitDependence[] found = [.. Enumerable.Range(0, 200).Select(_ => VisitDependence.Of(Run(random, visits: 10, correlation: 0, shared: 0)))];

        Assert.InRange(found.Count(one => one.IsClear), 0, 24);
        Assert.Equal(10, VisitDependence.None.Worth(10));
        Assert.Equal(1, VisitDependence.None.Effect(10));
    }

    /// <summary>A slow pass that all configurations share is one look, not 24.</summary>
    [Fact]
    public void A_pass_that_all_share_is_one_look()
    {
        var random = new Random(52);
        int clear = Enumerable.Range(0, 200).Count(_ => VisitDependence.Of(Run(random, visits: 10, correlation: 0, shared: 1)).IsClear);

        Assert.InRange(clear, 0, 30);
    }

    /// <summary>With AR(1) 0.5 a long series is worth a third of its length.</summary>
    [Fact]
    public void Visits_like_the_ones_before_them_count_for_what_they_are_worth()
    {
        var random = new Random(53);
        VisitDependence[] found = [.. Enumerable.Range(0, 50).Select(_ => VisitDependence.Of(Run(random, visits: 30, correlation: 0.5, shared: 0)))];

        Assert.All(found, one => Assert.True(one.IsClear));
        Assert.InRange(found.Average(one => one.Worth(30)), 9, 13);
        Assert.All(found, one => Assert.True(one.Freedom(30) < 29 && one.Effect(30) > one.Inflation(30)));
    }

    /// <summary>Benchmarks/statistics has the table; this is the row in which intervals were wrong most often.</summary>
    [Fact]
    public void Intervals_of_correlated_short_visits_hold_the_truth()
    {
        var latencies = new Latencies(54) { Correlation = 0.7, Spread = 0.05 };
        int given = 0, held = 0;
        for (int run = 0; run < 40; run++)
        {
            SampleSeries[] alone =
            [
                .. Enumerable.Range(0, Configurations).Select(_ => new SampleSeries(latencies.Take(1, 30).Values, [.. Enumerable.Repeat(3, 10)])),
            ];
            foreach (SampleSeries series in RunState.Join(alone))
            {
                if (MedianInterval.From(series) is not { } interval) continue;
                given++;
                held += interval.Contains(1) ? 1 : 0;
            }
        }

        Assert.InRange(given, Configurations * 40 * 0.6, Configurations * 40);
        Assert.InRange((double)held / given, 0.93, 1);
    }

    /// <summary>The one that shows a single speed was measured at it by luck: no median of the run has an interval, and p95 no bound.</summary>
    [Fact]
    public void A_run_that_steps_between_two_speeds_has_no_interval()
    {
        var latencies = new Latencies(55) { Spread = 0.02 };
        SampleSeries steps = new([.. latencies.Take(1, 40).Values, .. latencies.Take(1.4, 40).Values], [.. Enumerable.Repeat(10, 8)]);
        SampleSeries steady = latencies.Take(1, [.. Enumerable.Repeat(10, 8)]);
        Assert.NotNull(MedianInterval.From(steady));

        SampleSeries joined = RunState.Join([steps, steady, steady])[1];

        Assert.Null(MedianInterval.From(joined));
        Assert.Null(UpperBound.OfP95(joined));
        Assert.Null(MedianRatio.Between(joined, joined));
        // Two runs are told apart all the same: a ratio that the step does not explain is one.
        Assert.NotNull(MedianRatio.BetweenRuns(joined, joined));
        // An exponent is known to the step.
        Assert.Equal(1.4, Math.Exp(2 * Math.Sqrt(LogError.OfMedianOrStep(joined)!.Value.Variance)), 0.02);
    }

    /// <summary>Medians of the visits of each configuration; what the configurations of a pass share is of variance <paramref name="shared"/>.</summary>
    private static IEnumerable<double[]> Run(Random random, int visits, double correlation, double shared)
    {
        double[] passes = [.. Enumerable.Range(0, visits).Select(_ => Math.Sqrt(shared) * Normal.Sample(random, 0, 1))];
        return [.. Enumerable.Range(0, Configurations).Select(_ => One())];

        double[] One()
        {
            double state = Normal.Sample(random, 0, 1), step = Math.Sqrt(1 - (correlation * correlation));
            double[] medians = new double[visits];
            for (int i = 0; i < visits; i++)
            {
                medians[i] = Math.Exp(0.05 * (state + passes[i]));
                state = (correlation * state) + (step * Normal.Sample(random, 0, 1));
            }

            return medians;
        }
    }
}
