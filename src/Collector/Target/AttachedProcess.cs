using System.Net.Sockets;
using Microsoft.Diagnostics.NETCore.Client;
using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>A process that runs already. Observing it changes nothing about how long it runs.</summary>
internal sealed class AttachedProcess(int processId) : ITarget
{
    private DiagnosticsClientConnector? _connector;

    public int ProcessId => processId;

    public bool HasHeartbeat => ContractLibrary.IsLoadedBy(processId);

    public int ExitCode => ExitCodes.Done;

    public async Task<DiagnosticsClient> ConnectAsync(CancellationToken cancellation)
    {
        ProcessFacts process = ProcessFacts.Read(processId) ?? throw new UsageException(Refusal.NoProcess(processId));
        string socket = DiagnosticsSocket.Find(process) ?? throw new UsageException(Refusal.NoSocket(process));
        SocketError answer = DiagnosticsSocket.Try(socket);
        if (answer == SocketError.AccessDenied) throw new UsageException(Refusal.NotAllowed(process));
        if (answer != SocketError.Success)
            throw new UsageException($"Process {processId} ({process.Command}) does not answer on {socket}: {answer}. Does it still run?");
        // By the path, not by the process id: the library would look for the newest socket that has the id in its name.
        _connector = await DiagnosticsClientConnector
            .FromDiagnosticPort($"{socket},connect", cancellation)
            .ConfigureAwait(false);
        return _connector.Instance;
    }

    public void Resume(DiagnosticsClient client)
    {
        // It never waited.
    }

    public Task StopAsync() => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_connector is not null) await _connector.DisposeAsync().ConfigureAwait(false);
    }
}
