using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>Many threads that drive iterations at the same time: each event in the order of its thread, and none of them lost.</summary>
public sealed class DriverTests
{
    [Theory]
    [InlineData(2, 2000)]
    [InlineData(4, 1000)]
    [InlineData(64, 50)]
    public async Task Iterations_of_threads_that_write_at_the_same_time_are_neither_missing_nor_incomplete(int drivers, int iterations)
    {
        await using ObservedTarget observed = await ObservedTarget.StartAsync(
            "--drivers", $"{drivers}", "--iterations", $"{iterations}", "--compute-us", "100");
        TruthRun run = await observed.WaitAsync();
        run.Observed.NeedsKernelTier();
        JsonNode runtime = run.Observed.Source("runtime");
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{run.Written} iterations, {run.Observed.Incomplete} incomplete ({run.Observed.Reasons}); {runtime.ToJsonString()}; "
            + run.Observed.Json["timeline"]!.ToJsonString());
        Assert.Equal(drivers * iterations, run.Written);
        Assert.Equal(0, runtime["lost"]!.GetValue<long>());
        Assert.Equal(0, runtime["missing"]!.GetValue<long>());
        Assert.Equal(run.Written, run.Observed.Accounts.Count);
        Assert.InRange(run.Observed.Incomplete, 0, run.Written * 0.005);
    }
}
