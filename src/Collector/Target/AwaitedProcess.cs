using System.Net.Sockets;
using Microsoft.Diagnostics.NETCore.Client;
using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>
/// A process that somebody else starts and that connects to us, usually before it runs any code. How long it runs is
/// none of our business.
/// </summary>
/// <param name="port">Path of the socket to wait on.</param>
/// <param name="announce">Tells the user how to start the process.</param>
internal sealed class AwaitedProcess(string port, Action<string> announce) : ITarget
{
    private DiagnosticsClientConnector? _connector;
    private int? _process;
    private bool _isResumed;

    public int ProcessId => _process ?? throw new InvalidOperationException("No process has connected yet.");

    /// <summary>It has not loaded anything yet, and nobody can tell.</summary>
    public bool HasHeartbeat => false;

    public int ExitCode => ExitCodes.Done;

    public async Task<DiagnosticsClient> ConnectAsync(CancellationToken cancellation)
    {
        string path = PortPath.Prepare(port);
        Task<DiagnosticsClientConnector> connecting = DiagnosticsClientConnector.FromDiagnosticPort(path, cancellation);
        if (!connecting.IsCompleted) Announce(path);
        try
        {
            // Told to stop while it waits, the library returns nothing instead of throwing.
            _connector = await connecting.ConfigureAwait(false) ?? throw new OperationCanceledException(cancellation);
        }
        catch (SocketException refused)
        {
            throw new UsageException($"--diagnostic-port '{path}': {refused.Message}. Choose a path in a folder of your own.");
        }

        _process = PortPeers.Of(path) switch
        {
            [> 0 and var only] => only,
            [] => throw new UsageException("The process that connected has ended already."),
            [_] => throw new UsageException(
                "The process that connected is outside the pid namespace of the collector. Run the collector where its id is known."),
            var several => throw new UsageException(
                $"Processes {string.Join(" and ", several)} connected at the same time. Start one program alone, not through `dotnet run`."),
        };
        return _connector.Instance;
    }

    /// <summary>Lets it go on; one that was told not to wait takes no notice.</summary>
    public void Resume(DiagnosticsClient client)
    {
        client.ResumeRuntime();
        _isResumed = true;
    }

    public Task StopAsync() => Task.CompletedTask;

    // Also removes the socket.
    public async ValueTask DisposeAsync()
    {
        if (_connector is not { } connector) return;
        if (!_isResumed) LetGo(connector.Instance);
        await connector.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>A process that cannot be observed must not wait for ever for somebody who observes it.</summary>
    private static void LetGo(DiagnosticsClient client)
    {
        try
        {
            client.ResumeRuntime();
        }
        catch (Exception gone) when (gone is DiagnosticsClientException or IOException or TimeoutException)
        {
            // It has ended, or did not wait.
        }
    }

    private void Announce(string path) => announce(
        $"waiting for a .NET process: DOTNET_DiagnosticPorts={path} ./program "
        + $"(it waits for us; with {path},nosuspend it does not; `dotnet run` would connect instead of the program). Ctrl-C to give up");
}
