using Observatory.Tests.Shared;
using System.Diagnostics;
using Observatory.Study;

namespace Observatory.Workload.Tests;

/// <summary>What a real sweep leaves behind.</summary>
public sealed class ResultsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string ResultsFile => Path.Combine(_folder.Path, "results.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_sweep_writes_every_sample_and_where_it_was_taken()
    {
        using WorkloadProcess process = Sweep(
            "--batches 1,2 --sequences 16 --dims 8,32 --iterations 5 --once --threads 1 --no-limits --no-metrics");

        string output = await DoneAsync(process);

        Assert.Contains("20 iterations and 4 of warm-up in 1 passes", output, StringComparison.Ordinal);
        StudyResults results = await ReadAsync();
        Assert.Equal([(1, 8), (1, 32), (2, 8), (2, 32)], results.Configurations.Select(c => (c.Batch, c.Dim)));
        Assert.All(results.Configurations, c => Assert.Equal(5, Assert.Single(c.Visits!).Samples));
        Assert.Equal([1, 6, 11, 16], results.Configurations.Select(c => c.Visits![0].FirstIteration).Order());
        Assert.Equal(4, results.Configurations.Select(c => c.Visits![0].AtNs).Distinct().Count());
        Assert.InRange(results.Run.MonotonicBeginNs!.Value, 1, Stopwatch.GetTimestamp());
        Assert.Equal((1, 1, "shuffled"), (results.Machine.Threads, results.Run.Passes, results.Run.Order));
        Assert.InRange(results.Run.LoadBefore!.Value, 0, 100_000);
        Assert.Equal([ResultsFile], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task Threads_and_element_types_are_axes_of_every_operation()
    {
        using WorkloadProcess process = Sweep(
            "--operation linear,mlp,attention,decode --batches 2 --sequences 64 --dims 128 --iterations 2 --once "
            + "--threads 1,2 --dtypes float32,bfloat16 --no-metrics");

        string output = await DoneAsync(process);

        StudyResults results = await ReadAsync();
        Assert.Equal(16, results.Configurations.Count);
        Assert.All(results.Configurations.GroupBy(one => (one.Operation, one.Dtype)), group =>
        {
            Assert.Equal([1, 2], group.Select(one => one.Threads));
            Assert.Single(group.Select(one => one.PredictedMemoryBytes).Distinct());
        });
        Assert.All(
            results.Configurations.GroupBy(one => (one.Operation, one.Threads)),
            group => Assert.Equal(group.First().InputBytes, 2 * group.Last().InputBytes));
        Assert.Equal(
            [(2, "float32"), (2, "bfloat16"), (1, "float32"), (1, "bfloat16")],
            ((MachineLimits[])[results.Limits!, .. results.FurtherLimits!]).Select(limits => (limits.Threads!.Value, limits.Dtype!)));
        Assert.All(results.Configurations, one => Assert.Equal(one.Dtype, results.LimitsOf(one.Key)!.Dtype));
        Assert.Equal((4, 2), (results.Configurations.Count(one => one.Key.Tokens == 2), results.Machine.Threads));
        Assert.Contains("1, 2 threads", output, StringComparison.Ordinal);
        Assert.Matches(@"\ndecode +bfloat16 +2 +2 +64 +128 ", output);
    }

    [Fact]
    public async Task More_threads_than_CPUs_are_warned_of()
    {
        using WorkloadProcess process = WorkloadProcess.Start(
            "sweep --batches 1 --sequences 16 --dims 8 --threads 1,1000 --once --no-limits --no-metrics");
        await process.ErrorLineAsync("1000 threads are more than the ");
    }

    [Fact]
    public async Task A_study_that_ends_knows_its_limits_its_memory_and_what_came_between()
    {
        using WorkloadProcess process = Sweep(
            "--operation linear,mlp,attention --batches 8 --sequences 512 --dims 256 --once --no-metrics");

        await DoneAsync(process);

        await process.ErrorLineAsync("Limits: matrix product ");
        StudyResults results = await ReadAsync();
        Assert.True(results.Limits is { GemmFlopsPerSecond: > 0, BandwidthBytesPerSecond: > 0 });
        Assert.Equal(["linear", "mlp", "attention"], results.Run.Operations);
        Assert.True(results.Run.Watched.HasFlag(Disturbances.Gc));
        Assert.All(results.Configurations, c => Assert.Equal(3, c.Disturbances!.Count));
        if (results.Configurations[0].PeakMemoryBytes is null) Assert.Skip("The kernel does not let the peak be reset here.");
        Assert.All(results.Configurations, c => Assert.InRange(
            c.PeakMemoryBytes!.Value - c.BaselineMemoryBytes!.Value, 0.9 * c.PredictedMemoryBytes!.Value, double.MaxValue));
    }

    /// <summary>
    /// The loop itself allocates nothing, and neither does a product into memory that is there. Where TorchSharp hands out
    /// an object for each result, that is all: 48 bytes each, and as many again where it has made one on the way.
    /// </summary>
    [Theory]
    [InlineData("reused", 0, 1, 1)]
    [InlineData("fresh", 1, 3, 1)]
    public async Task The_timed_region_allocates_no_managed_memory_of_its_own(string outputs, long linear, long mlp, long attention)
    {
        using WorkloadProcess process = Sweep(
            "--operation linear,mlp,attention --batches 2 --sequences 16 --dims 64 --iterations 200 --once --no-limits "
            + $"--no-metrics --outputs {outputs}");

        await DoneAsync(process);

        StudyResults results = await ReadAsync();
        Assert.Equal(outputs, results.Run.Outputs);
        Assert.All(results.Configurations.Zip([linear, mlp, attention]), pair =>
            Assert.InRange(pair.First.MostAllocatedBytes!.Value, 48 * pair.Second, 2 * 48 * pair.Second));
    }

    [Fact]
    public async Task A_preset_leaves_out_what_memory_does_not_hold_and_says_so()
    {
        using WorkloadProcess process = Sweep(
            "--preset quick --operation linear --sequences 16,2000000000 --dims 8 --no-metrics --no-limits");

        await DoneAsync(process);

        await process.ErrorLineAsync("linear [8, 2000000000, 8] is left out: it needs 953.9 GiB");
        StudyResults results = await ReadAsync();
        Assert.Equal(("quick", 3), (results.Run.Preset, results.Run.Passes));
        Assert.Equal(16, Assert.Single(results.Configurations).Sequence);
        Assert.StartsWith("needs 953.9 GiB", Assert.Single(results.LeftOut).Reason, StringComparison.Ordinal);
        Assert.Null(results.Limits);
    }

    [Fact]
    public async Task With_a_precision_a_sweep_ends_when_every_median_is_known()
    {
        using WorkloadProcess process = Sweep(
            "--batches 1,2 --sequences 16 --dims 8 --precision 100 --warmup auto --no-metrics --no-limits");

        await DoneAsync(process);

        StudyResults results = await ReadAsync();
        Assert.Equal((1.0, true), (results.Run.Precision, results.Run.WarmupStable));
        Assert.All(results.Configurations, c => Assert.InRange(c.Visits!.Count, 6, (int)results.Run.Passes));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_refused_before_the_sweep()
    {
        using WorkloadProcess process = WorkloadProcess.Start("sweep --once --no-metrics --results /nowhere/results.json");

        (int code, string output) = await process.EndAsync();

        Assert.Equal((2, ""), (code, output));
        Assert.Contains("'/nowhere/results.json' cannot be written", Assert.Single(process.Errors), StringComparison.Ordinal);
    }

    /// <summary>A sweep that writes its results to <see cref="ResultsFile"/>.</summary>
    private WorkloadProcess Sweep(string options) => WorkloadProcess.Start($"sweep --results {ResultsFile} {options}");

    private static async Task<string> DoneAsync(WorkloadProcess sweep)
    {
        (int code, string output) = await sweep.EndAsync();
        Assert.True(code == 0, string.Join('\n', sweep.Errors));
        return output;
    }

    private async Task<StudyResults> ReadAsync() => StudyResultsReader.Read(await File.ReadAllTextAsync(ResultsFile));
}
