using System.Net.Sockets;
using Observatory.Tests.Shared;

namespace Observatory.Collector.Tests;

public sealed class StalePortTests
{
    [Fact]
    public void Only_sockets_of_ours_that_no_process_listens_on_are_removed()
    {
        using var folder = new TemporaryFolder();
        string stale = Bound($"observatory-{Guid.NewGuid():N}.sock");
        string foreign = Bound("observatory-of-another-program.sock");
        string live = Path.Combine(folder.Path, $"observatory-{Guid.NewGuid():N}.sock");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(live));
        listener.Listen();

        StalePorts.Remove(folder.Path, young: TimeSpan.FromDays(1));
        Assert.True(Path.Exists(stale), "one that has just been made may be about to be listened on");
        StalePorts.Remove(folder.Path, young: TimeSpan.Zero);

        Assert.False(Path.Exists(stale));
        Assert.True(Path.Exists(foreign));
        Assert.True(Path.Exists(live));

        // What a killed process leaves: bound, and closed without being removed.
        string Bound(string name)
        {
            string path = Path.Combine(folder.Path, name);
            string moved = path + ".closed";
            using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            {
                socket.Bind(new UnixDomainSocketEndPoint(path));
                // .NET removes the socket of the path it was bound to.
                File.Move(path, moved);
            }

            File.Move(moved, path);
            return path;
        }
    }
}
