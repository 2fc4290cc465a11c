using System.Diagnostics;
using System.Globalization;

namespace Observatory.Contract.Tests;

/// <summary>What an observer in another process would read, value for value.</summary>
// In one collection with the other tests that write events: there is one event source.
[Collection(nameof(WorkloadEventSource))]
public sealed class WorkloadEventSourceTests
{
    private const long Beyond32Bits = 0x0123_4567_89AB_CDEF;

    private static readonly WorkloadConfiguration Configuration = new(
        Index: Beyond32Bits,
        Operation: "linear",
        BatchSize: 64,
        SequenceLength: 1L << 33,
        EmbeddingDim: 1024,
        DataType: "float32 – ü",
        Threads: 2,
        FloatingPointOperations: long.MaxValue,
        InputBytes: long.MaxValue - 1);

    [Fact]
    public void A_declared_configuration_arrives_with_every_value()
    {
        ReceivedEvent only = Assert.Single(EventPipeRecording.Of(() => WorkloadEventSource.Log.Declare(Configuration)));

        Assert.Equal(WorkloadEventIds.ConfigurationDeclared, only.Id);
        Assert.Equal(Configuration, WorkloadConfiguration.Read(only.Payload));
    }

    [Fact]
    public void A_declaration_that_is_cut_short_is_none()
    {
        ReceivedEvent only = Assert.Single(EventPipeRecording.Of(() => WorkloadEventSource.Log.Declare(Configuration)));

        Assert.All(
            Enumerable.Range(0, only.Payload.Length),
            length => Assert.Null(WorkloadConfiguration.Read(only.Payload.AsSpan(0, length))));
    }

    [Fact]
    public void Start_and_stop_of_an_iteration_carry_its_number_and_configuration()
    {
        long iteration = 0;
        IReadOnlyList<ReceivedEvent> events = EventPipeRecording.Of(() => iteration = Iterate(Beyond32Bits));

        Assert.Equal([WorkloadEventIds.IterationStart, WorkloadEventIds.IterationStop], events.Select(e => e.Id));
        Assert.All(events.Select(Iteration), payload =>
        {
            Assert.Equal(iteration, payload.Iteration);
            Assert.Equal(Beyond32Bits, payload.Configuration);
        });
        Assert.Equal(WorkloadEventSource.Log.IterationsWritten, iteration);
    }

    [Fact]
    public void Iteration_events_of_several_threads_share_one_sequence_without_a_gap()
    {
        const int perThread = 500;
        IReadOnlyList<ReceivedEvent> events = EventPipeRecording.Of(() => OnThreads(4, () =>
        {
            for (int n = 0; n < perThread; n++) Iterate(n);
        }));

        long[] sequence = [.. events.Select(e => Iteration(e).Sequence).Order()];
        Assert.Equal(4 * perThread * 2, sequence.Length);
        Assert.Equal(Enumerable.Range(0, sequence.Length).Select(n => sequence[0] + n), sequence);
        Assert.Equal(4 * perThread, events.Select(e => Iteration(e).Iteration).Distinct().Count());
    }

    [Fact]
    public void The_header_names_the_thread_by_its_kernel_id()
    {
        int id = 0;
        IReadOnlyList<ReceivedEvent> events = EventPipeRecording.Of(() => OnThreads(1, () =>
        {
            id = KernelThreadId();
            Iterate(0);
        }));

        Assert.Equal(2, events.Count);
        Assert.All(events, e => Assert.Equal(id, e.ThreadId));
        Assert.NotEqual(KernelThreadId(), id);
    }

    [Fact]
    public void The_header_has_the_time_of_the_stopwatch()
    {
        long before = 0, after = 0;
        IReadOnlyList<ReceivedEvent> events = EventPipeRecording.Of(() =>
        {
            before = Stopwatch.GetTimestamp();
            Iterate(0);
            after = Stopwatch.GetTimestamp();
        });

        Assert.Equal(2, events.Count);
        Assert.InRange(events[0].Timestamp, before, events[1].Timestamp);
        Assert.InRange(events[1].Timestamp, events[0].Timestamp, after);
    }

    [Fact]
    public void A_heartbeat_tells_how_far_the_sequence_has_come()
    {
        IReadOnlyList<ReceivedEvent> events = EventPipeRecording.Of(() =>
        {
            Iterate(0);
            WorkloadEventSource.Log.Beat();
        });

        Assert.Equal(WorkloadEventIds.Heartbeat, events[^1].Id);
        Assert.True(HeartbeatPayload.TryRead(events[^1].Payload, out HeartbeatPayload beat));
        Assert.Equal(Iteration(events[^2]).Sequence, beat.Sequence);
        Assert.Equal(Iteration(events[^2]).Iteration, beat.Iterations);
    }

    [Fact]
    public void Iterations_are_counted_while_no_observer_listens()
    {
        long first = Iterate(0);
        long second = Iterate(0);

        ReceivedEvent beat = Assert.Single(EventPipeRecording.Of(WorkloadEventSource.Log.Beat));

        Assert.Equal(first + 1, second);
        Assert.True(HeartbeatPayload.TryRead(beat.Payload, out HeartbeatPayload payload));
        Assert.Equal(second, payload.Iterations);
    }

    private static long Iterate(long configuration)
    {
        long iteration = WorkloadEventSource.Log.BeginIteration(configuration);
        WorkloadEventSource.Log.EndIteration(iteration, configuration);
        return iteration;
    }

    private static IterationPayload Iteration(ReceivedEvent received)
    {
        Assert.True(IterationPayload.TryRead(received.Payload, out IterationPayload payload));
        return payload;
    }

    private static void OnThreads(int count, ThreadStart work)
    {
        Thread[] threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(work))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
    }

    /// <summary>What gettid() returns: /proc/thread-self links to PID/task/TID.</summary>
    private static int KernelThreadId() => int.Parse(
        Path.GetFileName(new FileInfo("/proc/thread-self").LinkTarget!), CultureInfo.InvariantCulture);
}
