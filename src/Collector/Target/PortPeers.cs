using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Observatory.Collector;

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
    public static IReadOnlyList<int> Of(string path) =>
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
