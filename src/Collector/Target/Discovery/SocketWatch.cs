namespace Observatory.Collector;

/// <summary>
/// Tells at once when a runtime opens its diagnostics socket, where that is in our own folder for temporary files. Others, in
/// containers or with a TMPDIR of their own, are found by looking again.
/// </summary>
internal sealed class SocketWatch : IDisposable
{
    private readonly SemaphoreSlim _opened = new(0, 1);
    private readonly FileSystemWatcher? _watcher;

    /// <param name="folder">Where sockets appear. One that cannot be watched is not: inotify has limits of its own.</param>
    public SocketWatch(string folder)
    {
        try
        {
            _watcher = new FileSystemWatcher(folder, "dotnet-diagnostic-*-socket") { NotifyFilter = NotifyFilters.FileName };
            _watcher.Created += (_, _) => Tell();
            // More has happened than fits its buffer: perhaps this, too.
            _watcher.Error += (_, _) => Tell();
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception refused) when (refused is IOException or ArgumentException or UnauthorizedAccessException)
        {
            _watcher?.Dispose();
            _watcher = null;
        }
    }

    /// <summary>Until a socket has appeared since the last call, or it is time to look anyway.</summary>
    /// <returns>True when a socket has appeared.</returns>
    public Task<bool> WaitAsync(TimeSpan longest, CancellationToken cancellation) => _opened.WaitAsync(longest, cancellation);

    public void Dispose()
    {
        _watcher?.Dispose();
        _opened.Dispose();
    }

    private void Tell()
    {
        try
        {
            _opened.Release();
        }
        catch (Exception known) when (known is SemaphoreFullException or ObjectDisposedException)
        {
            // It is told already, or nothing waits for it any more.
        }
    }
}
