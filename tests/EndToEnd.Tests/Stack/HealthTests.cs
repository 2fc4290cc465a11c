namespace Observatory.EndToEnd.Tests;

[Collection(SharedSweep.Name)]
public sealed class HealthTests(ObservedSweep sweep)
{
    [Fact]
    public async Task Both_processes_are_well()
    {
        Assert.Equal(0, await AskAsync(Built.Collector, sweep.CollectorMetrics.Port));
        Assert.Equal(0, await AskAsync(Built.Workload, sweep.WorkloadMetrics.Port));
    }

    [Fact]
    public async Task Nobody_there_is_a_finding()
    {
        int port = FreePort.Next();
        Assert.Equal(1, await AskAsync(Built.Collector, port));
        Assert.Equal(1, await AskAsync(Built.Workload, port));
    }

    [Fact]
    public async Task The_workload_is_asked_where_its_environment_says_that_it_listens()
    {
        var environment = new Dictionary<string, string?>
        {
            ["WORKLOAD_LISTEN"] = "0.0.0.0",
            ["WORKLOAD_PORT"] = $"{sweep.WorkloadMetrics.Port}",
        };
        FinishedProcess asked = await RunningProcess.RunAsync(Built.Workload, ["health"], environment);
        Assert.Equal((0, ""), (asked.ExitCode, asked.Error));
    }

    private static async Task<int> AskAsync(string executable, int port)
    {
        FinishedProcess asked = await RunningProcess.RunAsync(executable, ["health", "--port", $"{port}"]);
        Assert.Equal(asked.ExitCode == 0, asked.Error.Length == 0);
        return asked.ExitCode;
    }
}
