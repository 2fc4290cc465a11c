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

/// <summary>What a million tokens cost to read and to make.</summary>
public sealed class TokenCostTests
{
    /// <summary>Prefill: 1 ms for each 512 tokens. Decode: 10 ms and 1 ms for each sequence of the batch.</summary>
    private static readonly StudyResults Both = Samples.Results(
    [
        .. Study("attention", (batch, sequence, _) => 1e-3 * batch * sequence / 512).Configurations,
        .. Study("decode", (batch, _, _) => 10e-3 + (1e-3 * batch)).Configurations,
    ]);

    [Fact]
    public void Prefill_and_decode_stand_beside_each_other_at_their_best_batch()
    {
        TokenCost cost = TokenCost.FindAll(StudyFindings.From(Both).Configurations)[0];

        Assert.Equal((512, 128), (cost.Context, cost.Dim));
        Assert.Equal(512_000, cost.Prefill!.TokensPerSecond, 500.0);
        Assert.Equal(32, cost.Decode!.Batch);
        Assert.Equal(32 / 0.042, cost.Decode.TokensPerSecond, 1.0);
        // 1.8 an hour is 0.0005 a second, and a million tokens take 1e6 / 512000 seconds to read.
        Assert.Equal(0.0005 / 0.512, cost.Prefill.CostPerMillion(1.8), 1e-5);
        Assert.Equal(672, cost.Ratio!.Value, 1.0);
    }

    [Fact]
    public void One_table_of_the_report_has_both_where_a_price_is_given()
    {
        StudyFindings findings = StudyFindings.From(Both);
        string text = StudyReport.Markdown(findings, pricePerHour: 1.8);

        string[] row = text.Split("## Cost of a million tokens")[1].Split('\n').First(line => line.StartsWith("| 128", StringComparison.Ordinal) || line.StartsWith("|  128", StringComparison.Ordinal)).Split('|', StringSplitOptions.TrimEntries);
        Assert.Equal(["128", "512"], row[1..3]);
        Assert.Equal(("0.000977", "32", "762", "0.656", "672"), (row[5], row[6], row[7], row[8], row[9]));
        Assert.DoesNotContain("Cost of a million tokens", StudyReport.Markdown(findings));
        Assert.Contains("Cost of a million tokens", StudyReport.Html(findings, pricePerHour: 1.8));
    }

    [Fact]
    public void Where_one_was_not_measured_it_has_no_cost_and_the_report_says_how_to_measure_it()
    {
        var findings = StudyFindings.From(Study("decode", (batch, _, _) => 1e-3 * batch));

        Assert.All(TokenCost.FindAll(findings.Configurations), cost => Assert.Equal((null, null), (cost.Prefill, cost.Ratio)));
        Assert.Contains("sweep --operation attention,decode", StudyReport.Markdown(findings, pricePerHour: 1));
    }

    private static StudyResults Study(string operation, Func<double, double, double, double> latency) => new SyntheticStudy
    {
        Operation = operation, Batches = [1, 8, 32], Dims = [128], Visits = [5, 5, 5, 5], Noise = new Latencies(1) { Spread = 1e-6 }, Latency = latency,
    }.Results();
}
