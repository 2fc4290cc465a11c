using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Observatory.Collector;
using Observatory.Contract;

namespace Observatory.Micro;

/// <summary>Bytes of a real EventPipe session: this process observed itself while it marked iterations.</summary>
internal sealed class RecordedIterations
{
    private readonly byte[] _bytes;

    private RecordedIterations(byte[] bytes, int count, long began)
    {
        _bytes = bytes;
        (Count, Began) = (count, began);
    }

    /// <summary>Iterations in it.</summary>
    public int Count { get; }

    /// <summary>Before the first of them, CLOCK_MONOTONIC nanoseconds.</summary>
    public long Began { get; }

    public static RecordedIterations Record(int count)
    {
        var client = new DiagnosticsClient(Environment.ProcessId);
        long began = Kernel.MonotonicClock.NowNanoseconds();
        using EventPipeSession session = client.StartEventPipeSession(
            [new EventPipeProvider(WorkloadEventSource.SourceName, EventLevel.Informational, 0xF00000000000)], requestRundown: false, 64);
        using var received = new MemoryStream();
        Task copied = session.EventStream.CopyToAsync(received);
        for (int i = 0; i < count; i++) WorkloadEventSource.Log.EndIteration(WorkloadEventSource.Log.BeginIteration(i % 4), i % 4);
        session.Stop();
        copied.Wait();
        return new RecordedIterations(received.ToArray(), count, began);
    }

    /// <summary>Reads all of it, as the runtime source does.</summary>
    public void Read(
        Inbox inbox, SourceStatus status, ThreadReports reports, Action<WorkloadConfiguration> declare, Func<int, int> ourThread)
    {
        var source = new RuntimeSource(inbox, status, declare, reports, Nothing.Instance, new RuntimeSourceOptions(), new UnitObservation(new UnitNames([])));
        using var stream = new EventPipeEventSource(new MemoryStream(_bytes));
        // Nothing of it has waited to be read.
        source.Process(stream, (thread, _) => ourThread(thread), () => 0);
    }

    private sealed class Nothing : IRuntimeEventHandler
    {
        public static readonly Nothing Instance = new();
    }
}
