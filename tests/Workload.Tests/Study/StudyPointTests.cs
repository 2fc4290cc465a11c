using Observatory.Contract;
using Observatory.Hosting;

namespace Observatory.Workload.Tests;

public sealed class StudyPointTests
{
    [Fact]
    public void Costs_follow_the_formulas()
    {
        WorkloadConfiguration configuration = new StudyPoint(OperationFormulas.Linear, 8, 512, 128).ToConfiguration(index: 3, threads: 2);

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

    [Theory]
    [InlineData(64, 1)]
    [InlineData(256, 4)]
    [InlineData(100, 1)]
    [InlineData(32, 1)]
    public void Heads_are_64_wide_where_that_divides_the_dimension(int dim, int heads) =>
        Assert.Equal(heads, AttentionFormula.Heads(dim));

    [Fact]
    public void Points_are_listed_by_batch_then_sequence_then_dim()
    {
        SweepOptions options = SweepOptionsReader.Read(new SettingLayers()) with
        {
            Batches = [2, 1], Sequences = [3], Dims = [5, 4],
        };

        Assert.Equal(["linear [2, 3, 5]", "linear [2, 3, 4]", "linear [1, 3, 5]", "linear [1, 3, 4]"], StudyPoints.Of(options).Select(p => $"{p}"));
    }

    [Fact]
    public void More_points_than_labels_allow_are_refused()
    {
        SweepOptions options = SweepOptionsReader.Read(new SettingLayers()) with
        {
            Batches = [.. Enumerable.Range(1, 126)],
        };

        Assert.Throws<UsageException>(() => StudyPoints.Of(options));
    }
}
