namespace Observatory.Collector.Tests;

/// <summary>A runtime that begins is seen by its socket, and not only at the next look at all processes.</summary>
public sealed class SocketWatchTests : IDisposable
{
    private static readonly TimeSpan s_never = TimeSpan.FromHours(1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [Fact]
    public async Task A_socket_that_appears_ends_a_wait_of_an_hour_once()
    {
        using var watch = new SocketWatch(_folder.FullName);
        Task<bool> first = watch.WaitAsync(s_never, TestContext.Current.CancellationToken);
        await CreateAsync("dotnet-diagnostic-12-345-socket");
        Assert.True(await first);
        Assert.False(await watch.WaitAsync(TimeSpan.Zero, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task One_that_appears_between_two_waits_is_not_missed_and_many_are_one()
    {
        using var watch = new SocketWatch(_folder.FullName);
        for (int id = 0; id < 5; id++) await CreateAsync($"dotnet-diagnostic-{id}-345-socket");
        Assert.True(await watch.WaitAsync(s_never, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Other_files_are_no_sockets()
    {
        using var watch = new SocketWatch(_folder.FullName);
        await CreateAsync("clr-debug-pipe-12-345-in");
        Task<bool> waiting = watch.WaitAsync(s_never, TestContext.Current.CancellationToken);
        // Events come in order: what was written before this one has been told or left out.
        await CreateAsync("dotnet-diagnostic-12-345-socket");
        Assert.True(await waiting);
        Assert.False(await watch.WaitAsync(TimeSpan.Zero, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_watched_is_waited_for_as_long_as_asked()
    {
        using var watch = new SocketWatch(Path.Combine(_folder.FullName, "missing"));
        Assert.False(await watch.WaitAsync(TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task CreateAsync(string name) => File.WriteAllTextAsync(Path.Combine(_folder.FullName, name), "", TestContext.Current.CancellationToken);
}
