using System.Diagnostics.Tracing;
using System.Net.Sockets;
using Microsoft.Diagnostics.NETCore.Client;

namespace Observatory.Collector;

/// <summary>Has a target collect all of its garbage, as `dotnet-gcdump` does: the runtime does so when a session asks for it.</summary>
internal static class FullCollection
{
    /// <summary>GCHeapCollect, of the runtime's provider.</summary>
    private const long Keyword = 0x800000;

    /// <summary>A full collection of a large heap takes seconds, and the answer comes after it.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    /// <summary>Asks for one and waits for it.</summary>
    /// <returns>Why there was none, in a sentence; null where there was.</returns>
    public static async Task<string?> AskAsync(DiagnosticsClient client)
    {
        try
        {
            using EventPipeSession session = await client.StartEventPipeSessionAsync(
                [new EventPipeProvider(GroupEvents.Runtime, EventLevel.Informational, Keyword)], requestRundown: false, circularBufferMB: 1, CancellationToken.None)
                .WithinAsync(AnswerLimit, CancellationToken.None).ConfigureAwait(false);
            // It ends only when what is left has been read.
            Task reading = session.EventStream.CopyToAsync(Stream.Null);
            await session.StopAsync(CancellationToken.None).WaitAsync(AnswerLimit).ConfigureAwait(false);
            await reading.WaitAsync(AnswerLimit).ConfigureAwait(false);
            return null;
        }
        catch (Exception refused) when (refused is DiagnosticsClientException or IOException or SocketException or TimeoutException or OperationCanceledException)
        {
            return refused.Message;
        }
    }
}
