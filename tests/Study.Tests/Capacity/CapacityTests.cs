namespace Observatory.Study.Tests;

/// <summary>What keeps a target, what it yields and what it costs.</summary>
public sealed class CapacityTests
{
    /// <summary>1 ms an item at 512 tokens, 2 ms at 1024, with next to no noise.</summary>
    private static readonly SyntheticStudy Study = new()
    {
        Dims = [128], Batches = [8, 16, 32, 64], Noise = new Latencies(1) { Spread = 1e-6 }, Visits = [.. Enumerable.Repeat(10, 20)],
        Latency = (batch, sequence, _) => 1e-3 * batch * sequence / 512,
    };

    [Fact]
    public void The_largest_batch_is_the_last_that_keeps_the_target()
    {
        IReadOnlyList<CapacityLimit> limits = Limits(Study, 35);

        Assert.Equal([(512, 32L, 64L), (1024, 16L, 32L)], limits.Select(limit =>
            (limit.Sequence, limit.Largest!.Key.Batch, limit.Next!.Key.Batch)));
    }

    [Fact]
    public void Tokens_and_costs_follow_from_the_time_they_take()
    {
        CapacityLimit limit = Limits(Study, 35)[0];

        // 32 x 512 tokens in 32 ms; 1.8 an hour is 0.0005 a second.
        Assert.Equal(512_000, limit.TokensPerSecond!.Value, 100.0);
        Assert.Equal(0.0005 / 0.512, limit.CostPerMillionTokens(1.8)!.Value, 1e-6);
        Assert.Null(limit.CostPerMillionTokens(null));
    }

    [Fact]
    public void A_target_that_nothing_keeps_has_no_batch() => Assert.All(Limits(Study, 1), limit =>
    {
        Assert.Null(limit.Largest);
        Assert.Null(limit.TokensPerSecond);
        Assert.Equal(8, limit.Next!.Key.Batch);
    });

    [Fact]
    public void A_target_that_everything_keeps_has_no_next() =>
        Assert.All(Limits(Study, 1000), limit => Assert.Equal((64, null), (limit.Largest!.Key.Batch, limit.Next)));

    [Fact]
    public void Slow_outliers_count_against_p95_and_tokens()
    {
        var noisy = new SyntheticStudy { Dims = [128], Latency = Study.Latency, Noise = new Latencies(1) { Outliers = 0.2 }, Visits = Study.Visits };

        Assert.True(Limits(noisy, 35)[0].Largest is null or { Key.Batch: < 32 });
        CapacityLimit all = Limits(noisy, 100_000)[0];
        Assert.True(all.TokensPerSecond < all.Largest!.TokensPerSecond);
    }

    [Fact]
    public void A_bound_of_p95_needs_59_samples_of_effect() =>
        Assert.All(Limits(new SyntheticStudy { Visits = [14, 14, 14, 14] }, 1_000_000), limit => Assert.Null(limit.Largest));

    private static IReadOnlyList<CapacityLimit> Limits(SyntheticStudy study, double milliseconds) =>
        CapacityLimit.FindAll(study.Findings().Families, new CapacityTarget(TimeSpan.FromMilliseconds(milliseconds), null));
}
