using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;

namespace Observatory.Contract.Tests;

/// <summary>
/// A real EventPipe session of this process with itself: an in-process listener would not notice a payload that
/// arrives corrupted.
/// </summary>
internal sealed class EventPipeRecording : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>What a session asks for that names no keyword: 0 would ask for all.</summary>
    private const long Beside = 0xF00000000000;

    private readonly EventPipeSession _session;
    private readonly Thread _reader;

    private EventPipeRecording(EventPipeSession session)
    {
        _session = session;
        _reader = new Thread(Read) { IsBackground = true };
        _reader.Start();
    }

    private List<ReceivedEvent> Events { get; } = [];

    /// <summary>What the workload's provider writes while the action runs.</summary>
    public static IReadOnlyList<ReceivedEvent> Of(
        Action action, EventKeywords keywords = EventKeywords.None, IDictionary<string, string>? arguments = null)
    {
        EventPipeProvider[] providers = [new(WorkloadEventSource.SourceName, EventLevel.Informational, Beside | (long)keywords, arguments)];
        var configuration = new EventPipeSessionConfiguration(
            providers, circularBufferSizeMB: 64, requestRundown: false, requestStackwalk: false);
        using var recording =
            new EventPipeRecording(new DiagnosticsClient(Environment.ProcessId).StartEventPipeSession(configuration));
        // The provider is enabled by a thread of the runtime, a little after the session has been answered for.
        Assert.True(SpinWait.SpinUntil(WorkloadEventSource.Log.IsEnabled, Limit), "The source was never enabled.");
        action();
        return recording.Finish();
    }

    public void Dispose() => _session.Dispose();

    /// <summary>Stopping flushes what is buffered and ends the stream, which ends the reader.</summary>
    private List<ReceivedEvent> Finish()
    {
        _session.Stop();
        Assert.True(_reader.Join(Limit), "The stream of the session did not end.");
        Assert.True(
            SpinWait.SpinUntil(() => !WorkloadEventSource.Log.IsEnabled(), Limit), "The source stayed enabled.");
        return Events;
    }

    private void Read()
    {
        using var source = new EventPipeEventSource(_session.EventStream);
        source.Dynamic.All += Add;
        source.Process();
    }

    private void Add(TraceEvent received)
    {
        if (received.ProviderName != WorkloadEventSource.SourceName || received.ID is 0 or (TraceEventID)0xFFFE) return;
#pragma warning disable CS0618 // Discouraged for most uses; here the raw clock is the point.
        long timestamp = received.TimeStampQPC;
#pragma warning restore CS0618
        Events.Add(new ReceivedEvent((int)received.ID, received.ThreadID, timestamp, [.. received.EventData()]));
    }
}

/// <summary>One event as it came out of an EventPipe session.</summary>
/// <param name="Id">One of <see cref="WorkloadEventIds"/>.</param>
/// <param name="ThreadId">The thread of the header: gettid() of the writer.</param>
/// <param name="Timestamp">CLOCK_MONOTONIC in nanoseconds.</param>
/// <param name="Payload">The bytes.</param>
public sealed record ReceivedEvent(int Id, int ThreadId, long Timestamp, byte[] Payload);
