using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;

namespace Observatory.Collector.Tests;

/// <summary>The session that runtimes before .NET 10 get, with these tests as its target: this runtime grants it too.</summary>
public sealed class OlderRuntimeTests
{
    private const int Limit = 60_000;

    [Fact]
    public void Ticks_tell_of_allocations()
    {
        using EventPipeSession session = new DiagnosticsClient(Environment.ProcessId).StartEventPipeSession(
            RuntimeEventIds.Session(
                SessionRequest.All(EventDetail.Parse("gc,+allocations")).ElementAt(1),
                bufferMegabytes: 64,
                new SessionExtras(OwnCounters: false, Group: null, Heartbeat: false)));
        var heard = new Listener();
        var reader = new Thread(() => Read(session, heard));
        reader.Start();
        Span<byte[]> kept = new byte[100][];
        long end = Environment.TickCount64 + Limit;
        for (int i = 0; !heard.Ticked.IsSet && Environment.TickCount64 < end; i++) kept[i % kept.Length] = new byte[10_000];
        session.Stop();
        reader.Join();
        Assert.True(heard.Ticked.IsSet);
    }

    private static void Read(EventPipeSession session, Listener heard)
    {
        using var source = new EventPipeEventSource(session.EventStream);
        RuntimeDecoders.Subscribe(source, heard, new RunningConfiguration());
        source.Process();
    }

    private sealed class Listener : IRuntimeEventHandler
    {
        public ManualResetEventSlim Ticked { get; } = new();

        public void Allocated(in AllocationSample sample, long? configuration)
        {
            // Ticks come every 100 KB or so: all of it is then said to be of the last type.
            if (sample is { Type: "System.Byte[]", Heap: "small", Bytes: > 10_000, Objects: > 1 }) Ticked.Set();
        }
    }
}
