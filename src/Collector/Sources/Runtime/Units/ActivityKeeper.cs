using System.Diagnostics.Tracing;
using System.Net.Sockets;
using Microsoft.Diagnostics.NETCore.Client;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// Keeps the request for activities as <see cref="ActivityRequests"/> wants it, once a second. The session that reads events carried the
/// first request; a later one is carried by a session of its own, whose end would end the request.
/// </summary>
/// <param name="client">The way to the target's runtime.</param>
/// <param name="process">The target.</param>
/// <param name="requests">What is wanted.</param>
/// <param name="log">Takes lines for people.</param>
internal sealed class ActivityKeeper(DiagnosticsClient client, int process, ActivityRequests requests, Action<string> log) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _over = new();
    private Task? _kept;
    private EventPipeSession? _session;

    /// <summary>Begins to keep it.</summary>
    public void Start() => _kept = requests.Any ? KeepAsync(_over.Token) : null;

    /// <summary>Ends it; again means nothing.</summary>
    public async Task StopAsync()
    {
        await _over.CancelAsync().ConfigureAwait(false);
        if (Interlocked.Exchange(ref _kept, null) is { } kept) await kept.ConfigureAwait(false);
        await CloseAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _over.Dispose();
    }

    private async Task KeepAsync(CancellationToken over)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(over).ConfigureAwait(false))
            {
                (IReadOnlyList<string> lines, bool mustAsk) = requests.Look(Now(), SessionThreads.Count(process));
                foreach (string line in lines) log(line);
                if (mustAsk) requests.Asked(Now(), await TryAskAsync(over).ConfigureAwait(false));
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // It is over.
        }
    }

    private async Task<bool> TryAskAsync(CancellationToken over)
    {
        // In this order: a session that is closed takes the request of any other with it.
        await CloseAsync().ConfigureAwait(false);
        IReadOnlyList<ActivitySourceUnits> wanted = requests.Wanted;
        try
        {
            using (requests.Opening())
                _session = await client.StartEventPipeSessionAsync(Carrier(wanted), over).WithinAsync(AnswerLimit, over).ConfigureAwait(false);
            // It ends when the session does, or the target.
            _ = _session.EventStream.CopyToAsync(Stream.Null, CancellationToken.None).ContinueWith(read => read.Exception, TaskScheduler.Default);
            if (wanted.Count == 0) await CloseAsync().ConfigureAwait(false);
            return true;
        }
        catch (Exception refused) when (refused is DiagnosticsClientException or IOException or SocketException or TimeoutException)
        {
            return false;
        }
    }

    /// <summary>
    /// Gets no events of activities. Those of collections are there so that the runtime notices when no session reads any more: it does so
    /// when it writes.
    /// </summary>
    private static EventPipeSessionConfiguration Carrier(IReadOnlyList<ActivitySourceUnits> wanted) => new(
        [ActivityProvider.Replace(wanted), new EventPipeProvider(GroupEvents.Runtime, EventLevel.Informational, 0x1)],
        circularBufferSizeMB: 1,
        requestRundown: false);

    private async Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _session, null) is not { } session) return;
        try
        {
            using var limit = new CancellationTokenSource(AnswerLimit);
            await session.StopAsync(limit.Token).WaitAsync(AnswerLimit).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is DiagnosticsClientException or IOException or SocketException or OperationCanceledException or TimeoutException)
        {
            // The target has ended, or does not answer: nothing of ours is in it, or it notices that no session reads.
        }

        session.Dispose();
    }

    private static Timestamp Now() => new(MonotonicClock.NowNanoseconds());
}

/// <summary>The runtime has a thread for each session, and one more; the only thing from which the end of another's can be seen.</summary>
internal static class SessionThreads
{
    /// <summary>How many there are; null where that cannot be seen.</summary>
    public static int? Count(int process)
    {
        try
        {
            int count = Directory.EnumerateDirectories($"/proc/{process}/task").Count(IsOne);
            return count > 0 ? count : null;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsOne(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "comm")).Contains("EventPipe", StringComparison.Ordinal);
        }
        catch (Exception ended) when (ended is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
