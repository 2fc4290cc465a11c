using System.Net.Sockets;
using Microsoft.Diagnostics.NETCore.Client;

namespace Observatory.Collector;

/// <summary>An EventPipe session that is open. What it asks for cannot be changed: who wants less opens another one.</summary>
internal sealed class RuntimeSession : IDisposable
{
    /// <summary>A runtime answers in milliseconds, in seconds on a starved machine; one that is stopped never does.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    private readonly EventPipeSession _session;

    private RuntimeSession(EventPipeSession session, string remark) => (_session, Remark) = (session, remark);

    /// <summary>What the runtime sends.</summary>
    public Stream Stream => _session.EventStream;

    /// <summary>What of the request the runtime did not take; nothing where it took all.</summary>
    public string Remark { get; }

    /// <summary>Opens a session. Throws what <see cref="DiagnosticsClient"/> throws when the target does not answer.</summary>
    /// <exception cref="TimeoutException">It does not answer in time.</exception>
    /// <param name="client">The way to the target's runtime.</param>
    /// <param name="detail">What to ask for.</param>
    /// <param name="bufferMegabytes">Buffers in the target.</param>
    /// <param name="extras">What to ask for besides.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<RuntimeSession> OpenAsync(
        DiagnosticsClient client, EventDetail detail, int bufferMegabytes, SessionExtras extras, CancellationToken cancellation)
    {
        (EventPipeSession session, SessionRequest request) = await SessionRequest.OpenAsync(
            SessionRequest.All(detail),
            asked => client.StartEventPipeSessionAsync(RuntimeEventIds.Session(asked, bufferMegabytes, extras), cancellation)
                .WithinAsync(AnswerLimit * 2, cancellation)).ConfigureAwait(false);
        return new RuntimeSession(session, request.Remark);
    }

    /// <summary>Asks the runtime to end the session; what it still has comes before the end of the stream.</summary>
    /// <returns>False when it did not answer in time.</returns>
    public async Task<bool> AskToEndAsync()
    {
        using var limit = new CancellationTokenSource(AnswerLimit);
        try
        {
            await _session.StopAsync(limit.Token).WaitAsync(AnswerLimit).ConfigureAwait(false);
            return true;
        }
        catch (Exception gone) when (gone is DiagnosticsClientException or IOException or SocketException)
        {
            // The target ended first; the reader sees the end of the stream.
            return true;
        }
        catch (Exception silent) when (silent is OperationCanceledException or TimeoutException)
        {
            return false;
        }
    }

    public void Dispose() => _session.Dispose();
}
