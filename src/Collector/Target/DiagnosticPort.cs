using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Diagnostics.NETCore.Client;
using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>
/// A socket that runtimes connect to: the first process is the one to observe. What it starts inherits
/// <c>DOTNET_DiagnosticPorts</c>, connects too and would wait for ever to be resumed; it is let go at once.
/// </summary>
/// <remarks>
/// The client library accepts every runtime on its port and resumes one. So the port is ours: connections of the target are
/// passed on to a port of the library's own, byte for byte, and those of others are answered here. Which process has
/// connected is the kernel's word, SO_PEERCRED of unix(7): the id that a runtime tells is one of its own pid namespace.
/// </remarks>
internal sealed class DiagnosticPort : IAsyncDisposable
{
    // include/uapi/asm-generic/socket.h: the same on x64 and arm64. struct ucred: pid, uid, gid.
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private const int CredentialBytes = 12;

    // ipc-protocol.md of dotnet/diagnostics: what a runtime says when it connects, and the command ResumeRuntime.
    private const int AdvertiseBytes = 34;
    private const int HeaderBytes = 20;
    private const byte ProcessCommands = 0x04;
    private const byte ResumeRuntime = 0x01;
    private const int MostTold = 5;

    private readonly string _path;
    private readonly string _inner;
    private readonly Action<string> _log;
    private readonly bool _isFollowed;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<int> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<int, bool> _others = new();
    private Task _accepting = Task.CompletedTask;
    private int? _target;

    private DiagnosticPort(string path, Action<string> log, bool isFollowed)
    {
        (_path, _log, _isFollowed) = (path, log, isFollowed);
        string folder = Path.GetDirectoryName(path)!;
        string name = $".observatory-{Guid.NewGuid():N}"[..24];
        // Where the port itself can be, so can this one; only its name may be too long there.
        string beside = Path.Combine(folder, name);
        _inner = beside.Length <= DiagnosticsSocket.LongestPath ? beside : Path.Combine("/tmp", name);
    }

    /// <summary>Begins to listen.</summary>
    /// <param name="path">Where.</param>
    /// <param name="log">Told in a line which other processes connected.</param>
    /// <param name="isFollowed">Whether another port is opened on this path when the process has ended.</param>
    /// <exception cref="UsageException">No socket can be opened there.</exception>
    public static DiagnosticPort Open(string path, Action<string> log, bool isFollowed)
    {
        var port = new DiagnosticPort(path, log, isFollowed);
        try
        {
            port._listener.Bind(new UnixDomainSocketEndPoint(path));
            port._listener.Listen(backlog: 100);
        }
        catch (SocketException refused)
        {
            port._listener.Dispose();
            throw new UsageException($"--diagnostic-port '{path}': {refused.Message}. Choose a path in a folder of your own.");
        }

        port._accepting = port.AcceptAsync();
        return port;
    }

    /// <summary>Completes with the process that connected first; 0 for one outside our pid namespace.</summary>
    public Task<int> First => _first.Task;

    /// <summary>The way to the runtime of the first process.</summary>
    /// <returns>Null when it was told to stop meanwhile.</returns>
    public async Task<DiagnosticsClientConnector?> ConnectAsync(CancellationToken cancellation) =>
        await DiagnosticsClientConnector.FromDiagnosticPort(_inner, cancellation).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        File.Delete(_path);
        File.Delete(_inner);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket connection;
            try
            {
                connection = await _listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            int process = PeerOf(connection);
            _target ??= process;
            if (IsNext(process))
            {
                // Its runtime connects again and again until it is answered.
                connection.Dispose();
                continue;
            }

            _ = process == _target ? PassOnAsync(connection) : LetGoAsync(connection, process);
            _first.TrySetResult(process);
        }
    }

    /// <summary>True for the process that the next port is for: the target has ended, and what it told is still being read.</summary>
    private bool IsNext(int process) => _isFollowed && process != _target && ProcessFacts.Read(_target!.Value) is null;

    /// <summary>Everything that the target and the library say to one another on one connection.</summary>
    private async Task PassOnAsync(Socket connection)
    {
        using var target = new NetworkStream(connection, ownsSocket: true);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            while (!File.Exists(_inner)) await Task.Delay(10, _stop.Token).ConfigureAwait(false);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_inner), _stop.Token).ConfigureAwait(false);
            using var library = new NetworkStream(socket, ownsSocket: false);
            // Each command has a connection of its own: where one side has ended, the other has nothing more to hear.
            await Task.WhenAny(target.CopyToAsync(library, _stop.Token), library.CopyToAsync(target, _stop.Token)).ConfigureAwait(false);
        }
        catch (Exception over) when (over is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The target has ended, or we have.
        }
    }

    /// <summary>Lets a process run, and holds what it connects with: it would only connect again.</summary>
    private async Task LetGoAsync(Socket connection, int process)
    {
        using var other = new NetworkStream(connection, ownsSocket: true);
        try
        {
            if (_others.TryAdd(process, true))
            {
                byte[] advertise = new byte[AdvertiseBytes];
                await other.ReadExactlyAsync(advertise, _stop.Token).ConfigureAwait(false);
                await other.WriteAsync(ResumeCommand(), _stop.Token).ConfigureAwait(false);
                Tell(process);
            }

            // Until it ends.
            await other.CopyToAsync(Stream.Null, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception over) when (over is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // It has ended, or we have.
        }
    }

    private void Tell(int process)
    {
        if (_others.Count > MostTold) return;
        string more = _others.Count == MostTold ? " Further ones are not mentioned." : "";
        _log($"{Described(process)} connected too and was resumed unobserved; observed is {Described(_target!.Value)}.{more}");
    }

    private static string Described(int process) =>
        ProcessFacts.Read(process) is { } facts ? $"process {process} ({facts.Command})" : $"process {process}";

    private static int PeerOf(Socket connection)
    {
        Span<byte> credentials = stackalloc byte[CredentialBytes];
        connection.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        return MemoryMarshal.Read<int>(credentials);
    }

    private static byte[] ResumeCommand()
    {
        byte[] command = new byte[HeaderBytes];
        "DOTNET_IPC_V1"u8.CopyTo(command);
        BinaryPrimitives.WriteUInt16LittleEndian(command.AsSpan(14), HeaderBytes);
        command[16] = ProcessCommands;
        command[17] = ResumeRuntime;
        return command;
    }
}
