using Observatory.Study.Results;

namespace Observatory.Workload.Tests.Processes;

/// <summary>What a real sweep leaves behind.</summary>
public sealed class ResultsFileTests
{
    [Fact]
    public async Task A_sweep_writes_every_sample_and_where_it_was_taken()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "results.json");
        using WorkloadProcess process = WorkloadProcess.Start(
            $"sweep --batches 1,2 --sequences 16 --dims 8,32 --iterations 5 --once --threads 1 --no-metrics --results {file}");

        (int code, string output) = await process.EndAsync();

        Assert.True(code == 0, string.Join('\n', process.Errors));
        Assert.Contains("20 iterations and 4 of warm-up in 1 passes", output, StringComparison.Ordinal);
        StudyResults results = StudyResultsReader.Read(await File.ReadAllTextAsync(file));
        Assert.Equal([(1, 8), (1, 32), (2, 8), (2, 32)], results.Configurations.Select(c => (c.Batch, c.Dim)));
        Assert.All(results.Configurations, c => Assert.Equal(5, Assert.Single(c.Visits!).Samples));
        Assert.Equal(4, results.Configurations.Select(c => c.Visits![0].AtNs).Distinct().Count());
        Assert.Equal((1, 1, "shuffled"), (results.Machine.Threads, results.Run.Passes, results.Run.Order));
        Assert.Equal([file], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_refused_before_the_sweep()
    {
        using WorkloadProcess process = WorkloadProcess.Start("sweep --once --no-metrics --results /nowhere/results.json");

        (int code, string output) = await process.EndAsync();

        Assert.Equal((2, ""), (code, output));
        Assert.Contains("'/nowhere/results.json' cannot be written", Assert.Single(process.Errors), StringComparison.Ordinal);
    }
}
