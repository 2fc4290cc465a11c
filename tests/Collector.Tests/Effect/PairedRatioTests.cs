namespace Observatory.Collector.Tests;

/// <summary>The comparison against simulated worlds of which the truth is known.</summary>
public sealed class PairedRatioTests
{
    private const int Worlds = 2000;

    [Theory]
    [InlineData(1.00)]
    [InlineData(1.03)]
    [InlineData(0.97)]
    public void The_interval_holds_the_truth_as_often_as_it_says(double truth)
    {
        RatioEstimate[] found = [.. Enumerable.Range(1, Worlds).Select(seed => World(seed, truth, pairs: 20, noise: 0.1, drift: 0))];

        // 95 % of 2000 is 1900, give or take 10; five times that.
        Assert.InRange(found.Count(each => each.Low <= truth && truth <= each.High), 1850, 1950);
        Assert.InRange(found.Average(each => each.Ratio), truth - 0.003, truth + 0.003);
    }

    [Fact]
    public void What_drifts_is_no_effect_because_the_order_is_random()
    {
        // Each stretch takes 2 % longer than the one before, whichever it is.
        RatioEstimate[] found = [.. Enumerable.Range(1, Worlds).Select(seed => World(seed, truth: 1, pairs: 20, noise: 0.02, drift: 0.02))];
        Assert.InRange(found.Count(each => each.Low <= 1 && 1 <= each.High), 1850, 1960);
        Assert.InRange(found.Average(each => each.Ratio), 0.998, 1.002);
    }

    [Fact]
    public void An_effect_of_twice_the_smallest_that_can_be_told_is_nearly_always_told()
    {
        RatioEstimate quiet = World(seed: 1, truth: 1, pairs: 40, noise: 0.1, drift: 0);
        double effect = 1 + (2 * quiet.Smallest);
        int told = Enumerable.Range(1, 200).Count(seed => World(seed, effect, pairs: 40, noise: 0.1, drift: 0).Low > 1);
        Assert.InRange(told, 180, 200);
    }

    [Fact]
    public void More_pairs_tell_smaller_effects()
    {
        double few = World(seed: 1, truth: 1, pairs: 20, noise: 0.1, drift: 0).Smallest;
        double many = World(seed: 1, truth: 1, pairs: 2000, noise: 0.1, drift: 0).Smallest;
        Assert.InRange(few / many, 6, 16);
    }

    [Fact]
    public void Few_pairs_tell_nothing()
    {
        var ratio = new PairedRatio();
        for (int pair = 1; pair < PairedRatio.Least; pair++) ratio.Add(0.1);
        Assert.Null(ratio.Estimate());
        ratio.Add(0.1);
        Assert.Equal(PairedRatio.Least, ratio.Estimate()!.Pairs);
        Assert.Equal(Math.Exp(0.1), ratio.Estimate()!.Ratio, 12);
    }

    [Fact]
    public void Only_like_is_compared_with_like()
    {
        // The slow kind came to the one stretch more often, and a third kind to one of them only.
        var units = new PairedUnits<string>();
        for (int i = 0; i < 9; i++) units.Add("slow", isPaused: false, 10 * 1.1);
        units.Add("slow", isPaused: true, 10);
        units.Add("fast", isPaused: false, 1.1);
        for (int i = 0; i < 9; i++) units.Add("fast", isPaused: true, 1);
        units.Add("once", isPaused: true, 1000);
        Assert.Equal(Math.Log(1.1), units.LogRatio()!.Value, 12);
    }

    [Fact]
    public void Exchanging_the_stretches_changes_the_sign_and_nothing_else()
    {
        var random = new Random(7);
        (PairedUnits<int> one, PairedUnits<int> other) = (new(), new());
        for (int i = 0; i < 100; i++)
        {
            (int kind, bool isPaused, double seconds) = (random.Next(5), random.Next(3) == 0, 1 + random.NextDouble());
            one.Add(kind, isPaused, seconds);
            other.Add(kind, !isPaused, seconds);
        }

        Assert.NotEqual(0, one.LogRatio());
        Assert.Equal(one.LogRatio()!.Value, -other.LogRatio()!.Value, 12);
    }

    [Fact]
    public void A_pair_without_units_of_one_kind_in_both_stretches_tells_nothing()
    {
        var units = new PairedUnits<int>();
        Assert.Null(units.LogRatio());
        units.Add(1, isPaused: false, 1);
        units.Add(2, isPaused: true, 1);
        Assert.Null(units.LogRatio());
    }

    /// <summary>Pairs of stretches with ten units each; a neighbour makes one unit in twenty take twice as long.</summary>
    private static RatioEstimate World(int seed, double truth, int pairs, double noise, double drift)
    {
        var random = new Random(seed);
        var ratio = new PairedRatio();
        double level = 1;
        for (int pair = 0; pair < pairs; pair++)
        {
            var units = new PairedUnits<int>();
            bool pausesFirst = random.Next(2) == 0;
            foreach (bool isPaused in new[] { pausesFirst, !pausesFirst })
            {
                for (int unit = 0; unit < 10; unit++)
                {
                    double seconds = level * (1 + (noise * (random.NextDouble() - 0.5) * Math.Sqrt(12))) * (random.Next(20) == 0 ? 1 + (10 * noise) : 1);
                    units.Add(1, isPaused, isPaused ? seconds : truth * seconds);
                }

                level *= 1 + drift;
            }

            ratio.Add(units.LogRatio()!.Value);
        }

        return ratio.Estimate()!;
    }
}
