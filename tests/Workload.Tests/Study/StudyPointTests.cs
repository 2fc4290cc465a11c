using Observatory.Kernel;
using Observatory.Contract;
using Observatory.Hosting;

namespace Observatory.Workload.Tests;

public sealed class StudyPointTests
{
    [Fact]
    public void Costs_follow_the_formulas()
    {
        WorkloadConfiguration configuration = (new StudyPoint(OperationFormulas.Linear, 8, 512, 128) with { Threads = 2 }).ToConfiguration(index: 3);

        Assert.Equal(2L * 8 * 512 * 128 * 128, configuration.FloatingPointOperations);
        Assert.Equal(4L * 8 * 512 * 128, configuration.InputBytes);
        Assert.Equal(8 * 512, configuration.Tokens);
        Assert.Equal((3, "linear", "float32", 2), (
            configuration.Index, configuration.Operation, configuration.DataType, configuration.Threads));
    }

    [Fact]
    public void Tensors_are_input_output_and_weight() =>
        Assert.Equal(4 * (2 * (8 * 512 * 128) + (128 * 128)), new StudyPoint(OperationFormulas.Linear, 8, 512, 128).PeakBytes);

    /// <summary>Elements are 8 x 512 x 128 = 524288, a matrix of dim x dim 16384; all formulas in these units.</summary>
    [Theory]
    [InlineData("linear", 2, 1, 2, 1, 2, 1, 2, 1)]
    [InlineData("mlp", 16, 1, 6, 8, 6, 8, 18, 8)]
    public void Costs_of_products(
        string name, int products, int input, int peak, int peakWeights, int touched, int touchedWeights, int moved, int movedWeights)
    {
        const long elements = 8 * 512 * 128;
        const long weight = 128 * 128;
        IOperationFormula formula = OperationFormulas.All.Single(one => one.Name == name);
        var point = new StudyPoint(formula, 8, 512, 128);

        Assert.Equal(products * elements * 128, formula.Operations(point));
        Assert.Equal(input * elements, formula.InputElements(point));
        Assert.Equal((peak * elements) + (peakWeights * weight), formula.PeakElements(point));
        Assert.Equal((touched * elements) + (touchedWeights * weight), formula.TouchedElements(point));
        Assert.Equal((moved * elements) + (movedWeights * weight), formula.MovedElements(point));
    }

    [Fact]
    public void Attention_computes_with_the_square_of_the_sequence_and_keeps_memory_linear_in_it()
    {
        var one = new StudyPoint(OperationFormulas.Attention, 2, 1000, 128);
        StudyPoint twice = one with { Sequence = 2000 };

        Assert.Equal(4L * 2 * 1000 * 1000 * 128, one.Operation.Operations(one));
        Assert.Equal(4 * one.Operation.Operations(one), twice.Operation.Operations(twice));
        Assert.Equal(4L * (4 * (2 * 1000 * 128) + (2 * 2 * 1000)), one.PeakBytes);
        Assert.Equal(2 * one.PeakBytes, twice.PeakBytes);
        Assert.Equal(1000 / 4.0, one.ArithmeticIntensity);
    }

    /// <summary>One query of each sequence against its context: linear in it, and as many tokens as sequences.</summary>
    [Fact]
    public void Decode_reads_the_context_once_for_one_token_of_each_sequence()
    {
        var point = new StudyPoint(OperationFormulas.Decode, 4, 1000, 128);
        StudyPoint twice = point with { Sequence = 2000 };

        Assert.Equal(4L * 4 * 1000 * 128, point.Operation.Operations(point));
        Assert.Equal(2 * point.Operation.Operations(point), twice.Operation.Operations(twice));
        Assert.Equal((2L * 4 * 1000 * 128) + (4 * 128), point.Operation.InputElements(point));
        Assert.Equal(4 * ((2L * 4 * 1000 * 128) + (2 * 4 * 128) + (4 * 2)), point.PeakBytes);
        Assert.InRange(point.ArithmeticIntensity, 0.49, 0.5);
        Assert.Equal((4, 4000), (
            point.ToConfiguration(0).Tokens, (point with { Operation = OperationFormulas.Attention }).ToConfiguration(0).Tokens));
    }

    /// <summary>Half the bytes of everything but the sums, which the library keeps in float32.</summary>
    [Theory]
    [InlineData("linear", 0)]
    [InlineData("mlp", 0)]
    [InlineData("attention", 8 * 2 * 512)]
    [InlineData("decode", 8 * 2)]
    public void Smaller_elements_are_half_the_memory_and_twice_the_intensity(string name, int sums)
    {
        IOperationFormula formula = OperationFormulas.All.Single(one => one.Name == name);
        var wide = new StudyPoint(formula, 8, 512, 128);
        StudyPoint narrow = wide with { Type = ElementType.BFloat16 };

        Assert.Equal(wide.PeakBytes - (4 * sums), 2 * (narrow.PeakBytes - (4 * sums)));
        Assert.Equal(2 * wide.ArithmeticIntensity, narrow.ArithmeticIntensity, 1e-9);
        Assert.Equal(wide.ToConfiguration(0).FloatingPointOperations, narrow.ToConfiguration(0).FloatingPointOperations);
        Assert.Equal(wide.ToConfiguration(0).InputBytes, 2 * narrow.ToConfiguration(0).InputBytes);
        Assert.Equal($"{name} [8, 512, 128] bfloat16", narrow.ToString());
    }

    [Fact]
    public void Types_and_threads_are_axes()
    {
        SweepOptions options = SweepOptionsReader.Read(new SettingLayers()) with
        {
            Batches = [1], Sequences = [2], Dims = [3, 4], Types = [ElementType.Float32, ElementType.Float16],
        };

        IReadOnlyList<StudyPoint> points = StudyPoints.List(options, [1, 2]);

        Assert.Equal(8, points.Distinct().Count());
        Assert.Equal([(1, 3), (1, 4), (2, 3), (2, 4)], points.Take(4).Select(point => (point.Threads, point.Dim)));
        Assert.Throws<UsageException>(() => StudyPoints.List(options, [.. Enumerable.Range(1, 251)]));
    }

    [Theory]
    [InlineData(64, 1)]
    [InlineData(256, 4)]
    [InlineData(32, 1)]
    public void Heads_are_64_wide_and_a_smaller_dimension_is_one_head(int dim, int heads) =>
        Assert.Equal(heads, AttentionFormula.Heads(dim));

    [Fact]
    public void A_dimension_that_heads_of_64_do_not_divide_is_refused_for_attention_only()
    {
        SweepOptions options = SweepOptionsReader.Read(new SettingLayers()) with { Dims = [64, 100] };

        Assert.NotEmpty(StudyPoints.List(options, [1]));
        var problem = Assert.Throws<UsageException>(
            () => StudyPoints.List(options with { Operations = [OperationFormulas.Attention] }, [1]));
        Assert.Contains("--dims has 100", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Points_are_listed_by_batch_then_sequence_then_dim()
    {
        SweepOptions options = SweepOptionsReader.Read(new SettingLayers()) with
        {
            Batches = [2, 1], Sequences = [3], Dims = [5, 4],
        };

        Assert.Equal(["linear [2, 3, 5]", "linear [2, 3, 4]", "linear [1, 3, 5]", "linear [1, 3, 4]"], StudyPoints.List(options, [1]).Select(p => $"{p}"));
    }

    [Fact]
    public void More_points_than_labels_allow_are_refused()
    {
        SweepOptions options = SweepOptionsReader.Read(new SettingLayers()) with
        {
            Batches = [.. Enumerable.Range(1, 126)],
        };

        Assert.Throws<UsageException>(() => StudyPoints.List(options, [1]));
    }
}

public sealed class MemoryCheckTests
{
    private static readonly StudyPoint Small = new(OperationFormulas.Linear, 8, 512, 128);
    private static readonly StudyPoint Large = new(OperationFormulas.Linear, 64, 1024, 1024);
    private static readonly long Needed = (long)Large.PeakBytes + MemoryCheck.Headroom;

    [Fact]
    public void The_largest_point_with_headroom_may_take_all_there_is() =>
        MemoryCheck.Require([Small, Large, Small], new AvailableMemory(Needed, "test"));

    [Fact]
    public void One_byte_less_is_refused_and_both_amounts_are_named()
    {
        var problem = Assert.Throws<UsageException>(
            () => MemoryCheck.Require([Small, Large], new AvailableMemory(Needed - 1, "the test's limit")));

        Assert.Contains("[64, 1024, 1024] needs 772 MiB", problem.Message, StringComparison.Ordinal);
        Assert.Contains("772 MiB are available (the test's limit)", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_beyond_64_bits_are_refused_like_any_other() => Assert.Throws<UsageException>(() =>
        MemoryCheck.Require([new(OperationFormulas.Mlp, int.MaxValue, int.MaxValue, int.MaxValue)], new AvailableMemory(long.MaxValue, "test")));
}
