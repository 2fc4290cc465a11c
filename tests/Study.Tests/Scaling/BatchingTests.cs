namespace Observatory.Study.Tests;

/// <summary>Where larger batches help, stop helping and hurt.</summary>
public sealed class BatchingTests
{
    private static readonly long[] Batches = [1, 2, 4, 8, 16, 32];

    [Fact]
    public void A_fixed_cost_per_call_makes_batches_pay_up_to_a_point()
    {
        // 1 ms a call and 0.1 ms an item, until items beyond the eighth become dearer.
        BatchingCurve curve = Curve(batch => 1e-3 + (1e-4 * Math.Min(batch, 8)) + (4e-4 * Math.Max(0, batch - 8)));

        Assert.Equal(BatchingShape.Saturates, curve.Shape);
        Assert.Equal((8, 8), (curve.Best.Batch, curve.Enough.Batch));
        Assert.All(curve.Points.Where(point => point.Batch != 8), point => Assert.True(point.IsWorse));
        // Per item: 1.1 ms at batch 1, 0.225 ms at batch 8.
        Assert.Equal(1 - (0.225 / 1.1), curve.Points[0].Loss, 0.01);
    }

    [Fact]
    public void What_costs_the_same_per_token_is_flat() =>
        Assert.Equal(BatchingShape.Flat, Curve(batch => 1e-4 * batch).Shape);

    [Fact]
    public void What_keeps_paying_still_rises() =>
        Assert.Equal(BatchingShape.StillRising, Curve(batch => 1e-2 + (1e-5 * batch)).Shape);

    [Fact]
    public void What_gets_dearer_at_once_falls() =>
        Assert.Equal(BatchingShape.Falls, Curve(batch => 1e-4 * Math.Pow(batch, 1.5)).Shape);

    [Fact]
    public void Three_visits_are_inconclusive() =>
        Assert.Equal(BatchingShape.Inconclusive, Curve(batch => 1e-2 + (1e-5 * batch), visits: 3).Shape);

    /// <summary>With one truth more noise makes a curve inconclusive, and never another curve.</summary>
    [Theory]
    [InlineData(0.97)]
    [InlineData(0.90)]
    public void A_small_gain_is_not_taken_for_none_for_want_of_samples(double loss)
    {
        // Each batch size but the largest loses the same share of tokens per second.
        BatchingShape right = loss > 0.95 ? BatchingShape.Flat : BatchingShape.StillRising;
        for (int seed = 1; seed <= 20; seed++)
        {
            BatchingShape shape = Curve(
                batch => 1e-4 * batch / (batch < 32 ? loss : 1), noise: new Latencies(seed) { Spread = 0.1, VisitSpread = 0.05 }).Shape;
            Assert.True(shape == right || shape == BatchingShape.Inconclusive, $"seed {seed}: {shape}");
        }
    }

    [Fact]
    public void A_noisy_first_point_is_not_as_good_as_any()
    {
        StudyResults results = new SyntheticStudy
        {
            Batches = [1, 4, 16], Sequences = [64], Dims = [8], Visits = [.. Enumerable.Repeat(5, 8)], Latency = (batch, _, _) => 1e-4 * batch,
        }.Results();
        MeasuredConfiguration first = results.Configurations[0];
        StudyResults noisy = results with
        {
            Configurations = [first with { DurationNs = [.. first.DurationNs.Select((value, i) => i * 7 % 5 < 2 ? value / 20 : value * 2)] }, .. results.Configurations.Skip(1)],
        };
        Assert.Equal(BatchingShape.Inconclusive, Assert.Single(StudyFindings.From(noisy).Families[0].Batching).Shape);
    }

    [Fact]
    public void Two_batch_sizes_cannot_tell() =>
        Assert.Equal(BatchingShape.Inconclusive, new SyntheticStudy { Batches = [1, 2], Sequences = [64], Dims = [8] }
            .Findings().Families[0].Batching[0].Shape);

    private static BatchingCurve Curve(Func<double, double> latency, int samples = 5, int visits = 8, Latencies? noise = null) => Assert.Single(
        new SyntheticStudy
        {
            Batches = Batches, Sequences = [64], Dims = [8], Visits = [.. Enumerable.Repeat(samples, visits)],
            Latency = (batch, _, _) => latency(batch), Noise = noise ?? new Latencies(1) { Spread = 0.02 },
        }.Findings().Families[0].Batching);
}
