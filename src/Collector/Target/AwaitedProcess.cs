using System.Net.Sockets;
using System.Text;
using Microsoft.Diagnostics.NETCore.Client;
using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>
/// A process that the user starts and that connects to us, usually before it runs any code. How long it runs is not decided
/// here.
/// </summary>
/// <param name="port">Path of the socket to wait on.</param>
/// <param name="announce">Tells the user how to start the process.</param>
/// <param name="isFollowed">Whether the next process is awaited on the same port when this one has ended.</param>
internal sealed class AwaitedProcess(string port, Action<string> announce, bool isFollowed = false) : ITarget
{
    private DiagnosticPort? _port;
    private DiagnosticsClientConnector? _connector;
    private int? _process;
    private bool _isResumed;

    public int ProcessId => _process ?? throw new InvalidOperationException("No process has connected yet.");

    /// <summary>It has not loaded anything yet: that cannot be told.</summary>
    public bool HasHeartbeat => false;

    public int ExitCode => ExitCodes.Done;

    public async Task<DiagnosticsClient> ConnectAsync(CancellationToken cancellation)
    {
        string path = PortPath.Prepare(port);
        _port = DiagnosticPort.Open(path, announce, isFollowed);
        Task<DiagnosticsClientConnector?> connecting = _port.ConnectAsync(cancellation);
        if (!_port.First.IsCompleted) Announce(path);
        // Told to stop while it waits, the library returns nothing instead of throwing.
        _connector = await connecting.ConfigureAwait(false) ?? throw new OperationCanceledException(cancellation);
        int process = await _port.First.ConfigureAwait(false);
        if (process <= 0)
        {
            throw new UsageException(
                "The process that connected is outside the pid namespace of the collector. Run the collector where its id is known.");
        }

        _process = process;
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
        if (_connector is { } connector)
        {
            if (!_isResumed) LetGo(connector.Instance);
            await connector.DisposeAsync().ConfigureAwait(false);
        }

        if (_port is not null) await _port.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>A process that cannot be observed must not wait for ever to be observed.</summary>
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
        + $"(it waits for us; with {path},nosuspend it does not; `dotnet run` would connect before the program and be observed instead). Ctrl-C to give up");
}

/// <summary>A path on which a socket can be opened for a runtime to connect to.</summary>
internal static class PortPath
{
    private const string Option = "--diagnostic-port";

    /// <summary>A path for a socket of our own, in the folder for temporary files.</summary>
    /// <exception cref="UsageException">No socket can be opened there.</exception>
    public static string Temporary()
    {
        string path = StalePorts.NewPath();
        return Problem(path) is { } problem
            ? throw new UsageException(
                $"The socket through which the workload is observed, '{path}', {problem}. Set TMPDIR to a short path of a folder that exists and can be written, like /tmp.")
            : path;
    }

    /// <summary>The whole path. A socket without a listener is removed from it.</summary>
    /// <exception cref="UsageException">No socket can be opened there.</exception>
    public static string Prepare(string given)
    {
        if (given.Length == 0 || given.AsSpan().ContainsAny(',', ';'))
            throw Unusable(given, "is not a path for a socket: DOTNET_DiagnosticPorts gives ',' and ';' another meaning");
        string path = Path.GetFullPath(given);
        if (Problem(path) is { } problem) throw Unusable(path, problem);
        if (Path.Exists(path)) TakeOver(path);
        return path;
    }

    /// <summary>What is wrong with a path for a socket; null when nothing is.</summary>
    public static string? Problem(string path)
    {
        if (Encoding.UTF8.GetByteCount(path) > DiagnosticsSocket.LongestPath)
            return $"is longer than the {DiagnosticsSocket.LongestPath} bytes that the path of a socket may have";
        string folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder)) return "is in a folder that does not exist";
        try
        {
            // Rights and read-only mounts have no other test.
            string trial = Path.Combine(folder, $".observatory-{Guid.NewGuid():N}.tmp");
            using var file = new FileStream(trial, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return "is in a folder that cannot be written";
        }
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
        new($"{Option} '{path}' {reason}. Choose another one, like {Path.Combine(Path.GetTempPath(), "observatory.sock")}.");
}
