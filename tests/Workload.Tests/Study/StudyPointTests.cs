using Observatory.Contract;
using Observatory.Hosting;
using Observatory.Workload.Options;
using Observatory.Workload.Study;

namespace Observatory.Workload.Tests.Study;

public sealed class StudyPointTests
{
    [Fact]
    public void Costs_follow_the_formulas()
    {
        WorkloadConfiguration configuration = new StudyPoint(8, 512, 128).ToConfiguration(index: 3, threads: 2);

        Assert.Equal(2L * 8 * 512 * 128 * 128, configuration.FloatingPointOperations);
        Assert.Equal(4L * 8 * 512 * 128, configuration.InputBytes);
        Assert.Equal(8 * 512, configuration.Tokens);
        Assert.Equal((3, "linear", "float32", 2), (
            configuration.Index, configuration.Operation, configuration.DataType, configuration.Threads));
    }

    [Fact]
    public void Tensors_are_input_output_and_weight() =>
        Assert.Equal(4 * (2 * (8 * 512 * 128) + (128 * 128)), new StudyPoint(8, 512, 128).TensorBytes);

    [Fact]
    public void Points_are_listed_by_batch_then_sequence_then_dim()
    {
        SweepOptions options = SweepOptionsReader.Read(new SettingLayers()) with
        {
            Batches = [2, 1], Sequences = [3], Dims = [5, 4],
        };

        Assert.Equal(["[2, 3, 5]", "[2, 3, 4]", "[1, 3, 5]", "[1, 3, 4]"], StudyPoints.Of(options).Select(p => $"{p}"));
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
