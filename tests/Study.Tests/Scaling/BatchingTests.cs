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
    public void Three_samples_cannot_tell() =>
        Assert.Equal(BatchingShape.CannotBeTold, Curve(batch => 1e-2 + (1e-5 * batch), samples: 3).Shape);

    [Fact]
    public void Two_batch_sizes_cannot_tell() =>
        Assert.Equal(BatchingShape.CannotBeTold, new SyntheticStudy { Batches = [1, 2], Sequences = [64], Dims = [8] }
            .Findings().Families[0].Batching[0].Shape);

    private static BatchingCurve Curve(Func<double, double> latency, int samples = 40) => Assert.Single(
        new SyntheticStudy
        {
            Batches = Batches, Sequences = [64], Dims = [8], Visits = [samples],
            Latency = (batch, _, _) => latency(batch),
        }.Findings().Families[0].Batching);
}
