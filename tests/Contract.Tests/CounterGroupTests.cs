using System.Diagnostics.Tracing;
using System.Runtime.InteropServices;

namespace Observatory.Contract.Tests;

/// <summary>A group of counters of the driving thread, as an observer in another process reads it. Software counters: every machine has them.</summary>
[Collection(nameof(WorkloadEventSource))]
public sealed class CounterGroupTests
{
    private const EventKeywords Wanted = WorkloadEventSource.Keywords.CounterGroup;
    private const long Spin = 20_000_000;
    private const int Pages = 30;

    /// <summary>Each is a fault of its own, also where the kernel gives huge pages unasked.</summary>
    private const int HugePage = 2 << 20;

    [Fact]
    public void It_comes_once_after_the_stop_of_its_iteration()
    {
        IReadOnlyList<ReceivedEvent> events = Record(() => Iterate(() => { }), CounterSet.Software);
        Assert.Equal(
            [WorkloadEventIds.IterationStart, WorkloadEventIds.IterationStop, WorkloadEventIds.CounterGroup], events.Select(e => e.Id));
        Assert.True(IterationPayload.TryRead(events[0].Payload, out IterationPayload iteration));
        Assert.Equal(iteration.Iteration, Counted(events).Single().Iteration);
    }

    [Fact]
    public void It_counts_what_the_thread_did_inside_and_nothing_else()
    {
        CounterGroupPayload[] counted = Counted(Record(
            () =>
            {
                Iterate(() => { });
                Compute();
                Iterate(Compute);
            },
            CounterSet.Software));
        Assert.All(counted, one => Assert.Equal((CounterSet.Software.Id, one.Enabled), (one.Set, one.Running)));
        // CPU time, to the instant; pages that were touched for the first time.
        Assert.InRange(counted[0].First, 1, Spin / 2);
        Assert.True(counted[1].First >= Spin, $"{counted[1]}");
        Assert.True(counted[1].Second >= Pages, $"{counted[1]}");
        Assert.Equal(counted[1].Second, counted[1].Third + counted[1].Fourth);
    }

    [Fact]
    public void A_group_is_opened_for_the_first_iteration_of_a_thread_and_kept()
    {
        int open = 0;
        IReadOnlyList<ReceivedEvent> events = Record(
            () =>
            {
                Iterate(() => { });
                open = OpenEvents();
                for (int i = 0; i < 100; i++) Iterate(() => { });
                Assert.Equal(open, OpenEvents());
            },
            CounterSet.Software);
        Assert.Equal(CounterSet.Size, open);
        Assert.Equal(101, Counted(events).Length);
        // No observer listens any more.
        Iterate(() => { });
        Assert.Equal(0, OpenEvents());
    }

    [Fact]
    public void Hardware_counters_count_or_the_refusal_is_told_once()
    {
        IReadOnlyList<ReceivedEvent> events = Record(
            () =>
            {
                Iterate(Compute);
                Iterate(Compute);
            },
            CounterSet.Hardware);
        ReceivedEvent[] refusals = [.. events.Where(e => e.Id == WorkloadEventIds.CounterGroupRefused)];
        if (refusals.Length == 0)
        {
            Assert.Equal(2, Counted(events).Length);
            Assert.All(Counted(events), one => Assert.True(one.Running == 0 || one.Second > 1_000_000, $"{one}"));
            return;
        }

        Assert.True(CounterRefusalPayload.TryRead(refusals.Single().Payload, out CounterRefusalPayload refusal));
        Assert.Equal(CounterSet.Hardware.Id, refusal.Set);
        Assert.True(refusal.Error > 0);
        Assert.Empty(Counted(events));
    }

    [Fact]
    public void Who_does_not_ask_gets_none() => Assert.DoesNotContain(
        EventPipeRecording.Of(() => Iterate(() => { })), e => e.Id >= WorkloadEventIds.CounterGroup);

    [Fact]
    public void A_reading_allocates_nothing()
    {
        long allocated = 0;
        _ = Record(
            () =>
            {
                for (int i = 0; i < 1000; i++) Iterate(Nothing);
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int i = 0; i < 1000; i++) Iterate(Nothing);
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            },
            CounterSet.Software);
        Assert.Equal(0, allocated);
    }

    private static readonly Action Nothing = () => { };

    private static IReadOnlyList<ReceivedEvent> Record(Action action, CounterSet set) => EventPipeRecording.Of(
        action, Wanted, new Dictionary<string, string> { [CounterSet.Argument] = set.Name });

    private static CounterGroupPayload[] Counted(IEnumerable<ReceivedEvent> events) =>
    [
        .. events.Where(e => e.Id == WorkloadEventIds.CounterGroup).Select(e =>
        {
            Assert.True(CounterGroupPayload.TryRead(e.Payload, out CounterGroupPayload counted));
            Assert.False(CounterGroupPayload.TryRead(e.Payload.AsSpan(1), out _));
            return counted;
        }),
    ];

    private static void Compute()
    {
        nint fresh = Marshal.AllocHGlobal(64 << 20);
        for (int page = 0; page < Pages; page++) Marshal.WriteByte(fresh, (page + 1) * HugePage, 1);
        long begun = OwnCpu();
        while (OwnCpu() - begun < Spin * 1.1) Thread.SpinWait(1000);
        Marshal.FreeHGlobal(fresh);
    }

    private static long OwnCpu() => long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0]);

    private static void Iterate(Action work)
    {
        long iteration = WorkloadEventSource.Log.BeginIteration(0);
        work();
        WorkloadEventSource.Log.EndIteration(iteration, 0);
    }

    private static int OpenEvents() => Directory.EnumerateFileSystemEntries("/proc/self/fd")
        .Count(file => new FileInfo(file).LinkTarget?.Contains("[perf_event]", StringComparison.Ordinal) == true);
}
