namespace Observatory.EndToEnd.Tests;

/// <summary>Processes that want a CPU all the time, one for each.</summary>
internal sealed class BusyProcesses : IAsyncDisposable
{
    private readonly RunningProcess[] _processes =
        [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => RunningProcess.Start("sh", ["-c", "while :; do :; done"]))];

    public async ValueTask DisposeAsync()
    {
        foreach (RunningProcess process in _processes) await process.DisposeAsync();
    }
}
