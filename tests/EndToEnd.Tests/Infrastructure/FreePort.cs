using System.Net;
using System.Net.Sockets;

namespace Observatory.EndToEnd.Tests;

/// <summary>TCP ports of the loopback interface that no process listens on.</summary>
internal static class FreePort
{
    /// <summary>A port that was free a moment ago; the kernel does not hand the same one out again soon.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
