namespace Observatory.Study.Tests;

/// <summary>Each claim in a world where it is true, in one where it is false, and where it cannot be known.</summary>
public sealed class ClaimTests
{
    private const int Memory = 0, Dimension = 1, Batching = 2, Sequence = 3;

    private static readonly SyntheticStudy Linear = new();

    private static readonly long[] Long = [16384, 32768];

    [Fact]
    public void Memory_in_proportion_to_every_size_is_linear() => Expect(
        Verdict.Holds,
        Memory,
        new SyntheticStudy { Memory = (batch, sequence, dim) => 8 * batch * sequence * dim },
        "batch 1.00 (1.00 to 1.00) linear");

    [Fact]
    public void Memory_with_the_square_of_one_size_is_linear_in_part() => Expect(
        Verdict.HoldsInPart,
        Memory,
        new SyntheticStudy { Memory = (batch, sequence, dim) => batch * sequence * sequence * dim },
        "sequence 2.00 (2.00 to 2.00) not linear");

    [Fact]
    public void Memory_with_squares_is_not_linear() => Expect(
        Verdict.DoesNotHold,
        Memory,
        new SyntheticStudy { Memory = (batch, sequence, dim) => Math.Pow(batch * sequence * dim, 2) / 1e6 },
        "dim 2.00 (2.00 to 2.00) not linear");

    /// <summary>A ladder over sequences says nothing about batches, and takes nothing away from what others say.</summary>
    [Fact]
    public void Memory_is_judged_along_the_sizes_that_vary() => Expect(
        Verdict.Holds,
        Memory,
        Together(
            new SyntheticStudy { Memory = (batch, sequence, dim) => 8 * batch * sequence * dim },
            new SyntheticStudy { Operation = "attention", Batches = [1], Sequences = Long, Memory = (_, sequence, dim) => 16 * sequence * dim }),
        "attention: sequence 1.00 (1.00 to 1.00) linear, dim 1.00");

    [Fact]
    public void A_fixed_part_of_memory_is_said_and_does_not_bend_the_law() => Expect(
        Verdict.Holds,
        Memory,
        new SyntheticStudy { Memory = (batch, sequence, dim) => 5e6 + (8 * batch * sequence * dim) + (4 * dim * dim) },
        "linear, beyond a fixed 4.77 MiB: batch 0.99");

    [Fact]
    public void Memory_of_small_configurations_alone_cannot_be_told() => Expect(
        Verdict.Inconclusive,
        Memory,
        new SyntheticStudy { Batches = [1, 2], Memory = (batch, sequence, dim) => 8 * batch * sequence * dim },
        "at least 16.0 MiB add was not measured");

    [Fact]
    public void Memory_along_two_sizes_only_holds_as_far_as_known() => Expect(
        Verdict.HoldsAsFarAsKnown,
        Memory,
        new SyntheticStudy { Batches = [1], Sequences = Long, Memory = (_, sequence, dim) => 16 * sequence * dim },
        "sequence 1.00");

    [Fact]
    public void Memory_that_was_not_measured_is_inconclusive_and_formulas_are_called_so() =>
        Expect(Verdict.Inconclusive, Memory, Linear, "was not measured (peak and baseline) at sizes that differ. By formula");

    [Fact]
    public void Latency_with_the_square_of_dim_is_not_linear() => Expect(
        Verdict.Holds,
        Dimension,
        new SyntheticStudy { Latency = (batch, sequence, dim) => 1e-9 * batch * sequence * dim * dim },
        "from dim 256 to 512 latency grows with exponent 2.0");

    [Fact]
    public void Latency_in_proportion_to_dim_is_linear() =>
        Expect(Verdict.DoesNotHold, Dimension, Linear, "the operations grow with 2.00");

    /// <summary>High dimensions are those of the operations that were measured there.</summary>
    [Fact]
    public void Operations_at_low_dims_do_not_decide_about_high_ones() => Expect(
        Verdict.Holds,
        Dimension,
        Together(
            new SyntheticStudy { Latency = (batch, sequence, dim) => 1e-9 * batch * sequence * dim * dim },
            new SyntheticStudy { Operation = "attention", Dims = [64, 128] }),
        "linear: from dim 256 to 512 latency grows with exponent 2.0");

    [Fact]
    public void What_bounds_the_largest_dim_is_said() => Assert.Contains(
        "At dim 512 compute bounds all 8 configurations, which reach ",
        StudyFindings.From(Linear.Results() with
        {
            Limits = new MachineLimits { GemmFlopsPerSecond = 5e11, BandwidthBytesPerSecond = 2e10 },
        }).Claims[Dimension].Reason);

    [Fact]
    public void One_dim_tells_nothing_about_dims() =>
        Expect(Verdict.Inconclusive, Dimension, new SyntheticStudy { Dims = [128] }, "No two configurations differ in dim alone");

    [Fact]
    public void Batching_that_saturates_helps_up_to_a_point() => Expect(
        Verdict.Holds,
        Batching,
        new SyntheticStudy { Batches = [1, 2, 4, 8, 16], Latency = (batch, _, _) => 1e-3 + (1e-3 * Math.Pow(batch, 1.5) / 8), Visits = [.. Enumerable.Repeat(10, 8)] },
        "6 rising and then level");

    [Fact]
    public void Batching_that_keeps_paying_has_no_point() => Expect(
        Verdict.DoesNotHold,
        Batching,
        new SyntheticStudy { Latency = (batch, _, _) => 1e-2 + (1e-5 * batch), Visits = [.. Enumerable.Repeat(10, 8)] },
        "6 still rising");

    /// <summary>That no loss is clear does not mean that there is none.</summary>
    [Fact]
    public void Noise_is_not_flat() => Expect(
        Verdict.Inconclusive,
        Batching,
        new SyntheticStudy { Noise = new(1) { Spread = 2 }, Visits = [3, 3, 3] },
        "whose losses are known to 5.0 %");

    [Fact]
    public void Batching_without_repetitions_cannot_be_told() =>
        Expect(Verdict.Inconclusive, Batching, new SyntheticStudy { Visits = [1] }, "whose losses are known to 5.0 %");

    [Fact]
    public void Long_sequences_without_attention_cannot_be_told() =>
        Expect(Verdict.Inconclusive, Sequence, Linear, "Attention was not measured; with the sequence length, latency grows here: linear");

    [Fact]
    public void Attention_with_the_square_of_the_sequence_is_expensive() =>
        Expect(Verdict.Holds, Sequence, Attention([8192, 16384, 32768], 2), "from 16384 to 32768 tokens latency grows with exponent 2.0");

    [Fact]
    public void Attention_that_was_not_measured_at_32K_holds_in_part() =>
        Expect(Verdict.HoldsInPart, Sequence, Attention([512, 1024], 2), "32K was not measured.");

    [Fact]
    public void Attention_in_proportion_to_the_sequence_is_not_expensive() =>
        Expect(Verdict.DoesNotHold, Sequence, Attention([16384, 32768], 1), "A token costs");

    [Fact]
    public void What_was_left_out_is_said_with_its_reason()
    {
        StudyResults results = Attention([512, 1024], 2).Results() with
        {
            LeftOut = [new("attention", 1, 32768, 64, "float32", 2, "needs 64.0 GiB, 8.0 GiB are available")],
        };

        Assert.Contains(
            "32K was not measured: attention [1, 32768, 64] was left out (needs 64.0 GiB, 8.0 GiB are available).",
            StudyFindings.From(results).Claims[Sequence].Reason);
    }

    private static SyntheticStudy Attention(long[] sequences, double exponent) => new()
    {
        Operation = "attention", Batches = [1, 2], Sequences = sequences, Dims = [64, 128],
        Latency = (batch, sequence, dim) => 1e-9 * batch * Math.Pow(sequence, exponent) * dim,
    };

    private static StudyResults Together(SyntheticStudy one, SyntheticStudy other) =>
        Samples.Results([.. one.Results().Configurations, .. other.Results().Configurations]);

    private static void Expect(Verdict verdict, int claim, SyntheticStudy study, string reason) =>
        Expect(verdict, claim, study.Results(), reason);

    private static void Expect(Verdict verdict, int claim, StudyResults results, string reason)
    {
        Claim judged = StudyFindings.From(results).Claims[claim];
        Assert.Contains(reason, judged.Reason);
        Assert.Equal(verdict, judged.Verdict);
    }
}
