using Microsoft.Diagnostics.NETCore.Client;
using Observatory.Hosting;

namespace Observatory.Collector.Target;

/// <summary>A process that runs already. Observing it changes nothing about how long it runs.</summary>
internal sealed class AttachedProcess(int processId) : ITarget
{
    public int ProcessId => processId;

    public int ExitCode => ExitCodes.Done;

    public Task<DiagnosticsClient> ConnectAsync(CancellationToken cancellation)
    {
        if (!Directory.Exists($"/proc/{processId}"))
            throw new UsageException($"There is no process {processId}. `ps` lists the processes that run.");

        if (!DiagnosticsClient.GetPublishedProcesses().Contains(processId))
        {
            throw new UsageException(
                $"Process {processId} offers no .NET diagnostics. It is not a .NET process, belongs to another user, "
                + "runs with DOTNET_EnableDiagnostics=0, or has another TMPDIR than this one.");
        }

        return Task.FromResult(new DiagnosticsClient(processId));
    }

    public void Resume(DiagnosticsClient client)
    {
        // It never waited.
    }

    public Task StopAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
