using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
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

        _process = PortPeers.ProcessIds(path) switch
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

/// <summary>A path on which a socket can be opened for a runtime to connect to.</summary>
internal static class PortPath
{
    /// <summary>The whole path. A socket that nobody listens on any more is removed from it.</summary>
    /// <exception cref="UsageException">No socket can be opened there.</exception>
    public static string Prepare(string given)
    {
        if (given.Length == 0 || given.AsSpan().ContainsAny(',', ';'))
            throw Unusable(given, "is not a path for a socket: DOTNET_DiagnosticPorts gives ',' and ';' another meaning");
        string path = Path.GetFullPath(given);
        if (Encoding.UTF8.GetByteCount(path) > DiagnosticsSocket.LongestPath)
            throw Unusable(path, $"is longer than the {DiagnosticsSocket.LongestPath} bytes that the path of a socket may have");
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            throw Unusable(path, "is in a folder that does not exist");
        if (Path.Exists(path)) TakeOver(path);
        return path;
    }

    private static void TakeOver(string path)
    {
        switch (DiagnosticsSocket.Try(path))
        {
            case SocketError.Success:
                throw Unusable(path, "is in use by another process that listens there");
            case SocketError.ConnectionRefused when IsSocket(path):
                File.Delete(path);
                break;
            default:
                throw Unusable(path, "exists and is not a socket of ours");
        }
    }

    /// <summary>connect(2) refuses a regular file just like a socket without a listener; open(2) tells them apart.</summary>
    private static bool IsSocket(string path)
    {
        try
        {
            File.OpenHandle(path).Dispose();
            return false;
        }
        catch (IOException cannotBeOpened) when (cannotBeOpened is not FileNotFoundException)
        {
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static UsageException Unusable(string path, string reason) =>
        new($"--diagnostic-port '{path}' {reason}. Choose another one, like {Path.Combine(Path.GetTempPath(), "observatory.sock")}.");
}

/// <summary>Who has connected to a socket of ours, by the word of the kernel.</summary>
/// <remarks>
/// The library tells nobody which process a reversed connection comes from, and the id that the runtime itself sends is
/// one of its own pid namespace. SO_PEERCRED (unix(7)) is in ours; so the accepted connections are looked up among our
/// open files.
/// </remarks>
internal static class PortPeers
{
    // include/uapi/asm-generic/socket.h: the same on x64 and arm64.
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    // struct ucred: pid, uid, gid.
    private const int CredentialBytes = 12;

    /// <summary>Process ids of the peers, each once; 0 for processes outside our pid namespace.</summary>
    /// <param name="path">Path of the socket.</param>
    public static IReadOnlyList<int> ProcessIds(string path) =>
    [
        .. Directory.EnumerateFileSystemEntries("/proc/self/fd")
            .Select(file => PeerOf(int.Parse(Path.GetFileName(file), CultureInfo.InvariantCulture), path))
            .OfType<int>()
            // The socket that listens names the one who listens: us.
            .Where(peer => peer != Environment.ProcessId)
            .Distinct(),
    ];

    private static int? PeerOf(int file, string path)
    {
        if (new FileInfo($"/proc/self/fd/{file}").LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) != true) return null;
        try
        {
            using var handle = new SafeSocketHandle(file, ownsHandle: false);
            using var socket = new Socket(handle);
            if (socket.AddressFamily != AddressFamily.Unix || socket.LocalEndPoint?.ToString() != path) return null;
            Span<byte> credentials = stackalloc byte[CredentialBytes];
            socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
            return MemoryMarshal.Read<int>(credentials);
        }
        catch (SocketException)
        {
            // Closed by its owner, another thread of ours, meanwhile.
            return null;
        }
    }
}
