namespace Observatory.Study.Tests;

/// <summary>Samples that resemble their neighbours are worth fewer.</summary>
public sealed class EffectiveCountTests
{
    [Fact]
    public void Independent_samples_are_worth_nearly_all_of_them() =>
        Assert.InRange(Worth(new Latencies(1), 200), 160, 200);

    /// <summary>
    /// For signs of a Gaussian AR(1) series the correlation at lag k is 2/pi asin(r^k); with r = 0.8 one in 6.6 counts.
    /// </summary>
    [Fact]
    public void Correlated_samples_are_worth_what_theory_says()
    {
        double effect = 1 + (2 * Enumerable.Range(1, 100).Sum(lag => 2 / Math.PI * Math.Asin(Math.Pow(0.8, lag))));
        Assert.InRange(Worth(new Latencies(2) { Correlation = 0.8 }, 4000), 0.8 * 4000 / effect, 1.2 * 4000 / effect);
    }

    [Fact]
    public void Samples_that_all_share_the_level_of_their_visit_are_worth_as_many_as_there_are_visits()
    {
        int[] visits = [.. Enumerable.Repeat(10, 20)];
        Assert.InRange(Worth(new Latencies(3) { Spread = 0.001, VisitSpread = 0.2 }, visits), 15, 25);
    }

    [Fact]
    public void A_step_in_the_middle_leaves_next_to_nothing() =>
        Assert.InRange(new SampleSeries([.. Enumerable.Repeat(1.0, 50), .. Enumerable.Repeat(2.0, 50)], [100]).EffectiveCount, 1, 6);

    [Fact]
    public void Equal_samples_are_worth_what_they_are() =>
        Assert.Equal(10, new SampleSeries([.. Enumerable.Repeat(1.0, 10)], [10]).EffectiveCount);

    private static double Worth(Latencies latencies, params int[] visits) =>
        Enumerable.Range(0, 20).Average(_ => latencies.Take(1, visits).EffectiveCount);
}
