using System.Runtime.InteropServices;
using System.Diagnostics.Tracing;

namespace Observatory.Contract.Tests;

/// <summary>The driving thread's own counters, as an observer in another process reads them.</summary>
[Collection(nameof(WorkloadEventSource))]
public sealed class ThreadCountersTests
{
    private const EventKeywords Wanted = WorkloadEventSource.Keywords.Counters;

    [Fact]
    public void They_stand_around_an_iteration_never_within()
    {
        IReadOnlyList<ReceivedEvent> events = EventPipeRecording.Of(() => Iterate(Work), Wanted);

        Assert.Equal(
            [
                WorkloadEventIds.ThreadCounters, WorkloadEventIds.IterationStart,
                WorkloadEventIds.IterationStop, WorkloadEventIds.ThreadCounters,
            ],
            events.Select(e => e.Id));
        Assert.Equal(events.Select(e => e.Timestamp).Order(), events.Select(e => e.Timestamp));
        Assert.Single(events.Select(e => e.ThreadId).Distinct());
        IterationPayload iteration = Iteration(events[1]);
        Assert.All([events[0], events[3]], e => Assert.Equal(iteration.Iteration, Counters(e).Iteration));
    }

    [Fact]
    public void They_are_not_written_for_an_observer_that_does_not_ask() => Assert.DoesNotContain(
        EventPipeRecording.Of(() => Iterate(Work)), e => e.Id == WorkloadEventIds.ThreadCounters);

    [Fact]
    public void They_leave_the_sequence_of_iteration_events_without_a_gap()
    {
        ReceivedEvent[] events = [.. EventPipeRecording
            .Of(() => { for (int i = 0; i < 100; i++) Iterate(() => { }); }, Wanted)
            .Where(e => e.Id != WorkloadEventIds.ThreadCounters)];
        long first = Iteration(events[0]).Sequence;
        Assert.Equal(Enumerable.Range(0, 200).Select(n => first + n), events.Select(e => Iteration(e).Sequence));
    }

    [Fact]
    public void What_passes_between_two_readings_is_what_the_iteration_did()
    {
        IReadOnlyList<ReceivedEvent> events = EventPipeRecording.Of(() => Iterate(Work), Wanted);
        (CountersPayload before, CountersPayload after) = (Counters(events[0]), Counters(events[^1]));
        long wall = events[^1].Timestamp - events[0].Timestamp;

        // Exact to the instant, so no tick is left out: it computed for 20 ms and then slept.
        Assert.InRange(after.Cpu - before.Cpu, 20_000_000, wall);
        Assert.InRange(after.Waited - before.Waited, 0, wall);
        Assert.True(after.VoluntarySwitches > before.VoluntarySwitches);
        Assert.True(after.InvoluntarySwitches >= before.InvoluntarySwitches);
        Assert.True(after.MinorFaults - before.MinorFaults >= Pages);
        Assert.True(after.MajorFaults >= before.MajorFaults);
    }

    [Fact]
    public void A_payload_that_is_cut_short_is_none()
    {
        ReceivedEvent read = EventPipeRecording.Of(() => Iterate(() => { }), Wanted)[0];
        Assert.All(
            Enumerable.Range(0, read.Payload.Length),
            length => Assert.False(CountersPayload.TryRead(read.Payload.AsSpan(0, length), out _)));
    }

    private const int Pages = 256;

    /// <summary>Touches fresh memory, computes for 20 ms of CPU time, and sleeps once.</summary>
    private static void Work()
    {
        // So much comes from the system each time. A managed array may get what a collected one has left, of which each page is there.
        nint fresh = Marshal.AllocHGlobal(64 << 20);
        for (int page = 0; page < Pages; page++) Marshal.WriteByte(fresh, (page + 1) * Environment.SystemPageSize * 16, 1);
        Marshal.FreeHGlobal(fresh);
        long begun = OwnCpu();
        while (OwnCpu() - begun < 20_000_000) Thread.SpinWait(100);
        using var never = new ManualResetEvent(false);
        never.WaitOne(1);
    }

    /// <summary>By another way than the code under test: the kernel's own text, which lags behind by a tick at most.</summary>
    private static long OwnCpu() =>
        long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0]);

    private static void Iterate(Action work)
    {
        long iteration = WorkloadEventSource.Log.BeginIteration(0);
        work();
        WorkloadEventSource.Log.EndIteration(iteration, 0);
    }

    private static CountersPayload Counters(ReceivedEvent received)
    {
        Assert.True(CountersPayload.TryRead(received.Payload, out CountersPayload payload));
        return payload;
    }

    private static IterationPayload Iteration(ReceivedEvent received)
    {
        Assert.True(IterationPayload.TryRead(received.Payload, out IterationPayload payload));
        return payload;
    }
}
