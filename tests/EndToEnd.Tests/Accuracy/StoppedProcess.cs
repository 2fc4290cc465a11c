namespace Observatory.EndToEnd.Tests;

/// <summary>A process that stands still (SIGSTOP) until this is disposed.</summary>
internal sealed class StoppedProcess : IAsyncDisposable
{
    private readonly RunningProcess _process;

    private StoppedProcess(RunningProcess process) => _process = process;

    /// <summary>Stops a process; when it returns, all of its threads stand still.</summary>
    public static async Task<StoppedProcess> StopAsync(RunningProcess process)
    {
        var stopped = new StoppedProcess(process);
        await stopped.SignalAsync("-STOP");
        await Eventually.TrueAsync(
            "the process to stand still",
            () => Directory.GetDirectories($"/proc/{process.Id}/task").All(
                task => File.ReadLines(Path.Combine(task, "status")).Any(line => line.StartsWith("State:\tT", StringComparison.Ordinal))));
        return stopped;
    }

    public async ValueTask DisposeAsync() => await SignalAsync("-CONT");

    private async Task SignalAsync(string signal) => await RunningProcess.RunAsync("kill", [signal, $"{_process.Id}"]);
}
