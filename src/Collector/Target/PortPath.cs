using System.Net.Sockets;
using System.Text;
using Observatory.Hosting;

namespace Observatory.Collector;

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
