namespace Observatory.Collector;

/// <summary>Waits for what a runtime opens, which may be stopped and open it when it goes on, much later.</summary>
internal static class LateAnswer
{
    /// <summary>
    /// Waits for an answer, not for longer than a limit. A session that comes after that is closed: nobody would read it, and the target
    /// would write events for it until this program ends.
    /// </summary>
    /// <param name="asked">The answer.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="TimeoutException">It has not come in time.</exception>
    public static async Task<T> WithinAsync<T>(this Task<T> asked, TimeSpan limit, CancellationToken cancellation)
        where T : IDisposable
    {
        try
        {
            return await asked.WaitAsync(limit, cancellation).ConfigureAwait(false);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            _ = CloseAsync(asked);
            throw;
        }
    }

    private static async Task CloseAsync<T>(Task<T> asked)
        where T : IDisposable
    {
        await ((Task)asked).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (asked.IsCompletedSuccessfully) asked.Result.Dispose();
    }
}
