using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Observatory.Collector;

/// <summary>
/// The socket on which a .NET runtime answers: TMPDIR/dotnet-diagnostic-PID-START-socket, with the id and the TMPDIR that
/// the process itself sees (documentation/design-docs/ipc-protocol.md of dotnet/diagnostics).
/// </summary>
/// <remarks>
/// START is the process's start time, so a socket that outlived its process is never taken for the one of a later
/// process with the same id. It is ours to compute unless the two live in different time namespaces.
/// </remarks>
internal static class DiagnosticsSocket
{
    /// <summary>Bytes that the path of a socket may have: sun_path in unix(7), less the final zero.</summary>
    public const int LongestPath = 107;

    /// <summary>A path to the socket that we can use; null when there is none.</summary>
    public static string? Find(ProcessFacts process) =>
        Places(process).FirstOrDefault(path => Encoding.UTF8.GetByteCount(path) <= LongestPath && File.Exists(path));

    /// <summary>The folder of its sockets, as the process sees it.</summary>
    public static string FolderOf(ProcessFacts process) =>
        Folder(ProcText.ReadItems(process.Id, "environ")) ?? "/tmp/";

    /// <summary>Whether anyone who listens there lets us in.</summary>
    public static SocketError Try(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return SocketError.Success;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode;
        }
    }

    /// <summary>The name of the file.</summary>
    public static string FileName(ProcessFacts process) => string.Create(
        CultureInfo.InvariantCulture, $"dotnet-diagnostic-{process.InnerId}-{process.StartTicks}-socket");

    private static IEnumerable<string> Places(ProcessFacts process)
    {
        string name = FileName(process);
        string folder = FolderOf(process);
        // In another pid namespace the same id and start time may be somebody else's.
        if (process.InnerId == process.Id) yield return Path.Combine(folder, name);
        // Its own view of the file system: a container has another /tmp.
        yield return $"/proc/{process.Id}/root{Path.Combine(folder, name)}";
        // Where its view and its environment are closed to us, a shared volume is set up as our TMPDIR.
        yield return Path.Combine(Path.GetTempPath(), name);
    }

    private static string? Folder(string[] environment) =>
        environment.LastOrDefault(item => item.StartsWith("TMPDIR=", StringComparison.Ordinal)) is { Length: > 7 } item
            ? item[7..]
            : null;
}
