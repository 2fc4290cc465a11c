using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Observatory.Contract;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

/// <summary>
/// A thread gets the id of one that ended, as it happens within the hour where processes come and go: its sequence numbers
/// begin anew, of which TraceEvent makes a loss of 2^31 - 1 events, in a total that wraps.
/// </summary>
[Collection(OwnRuntime.Name)]
public sealed class RecycledThreadTests
{
    private const string LastId = "/proc/sys/kernel/ns_last_pid";
    private const int Events = 50;
    private const int Tries = 200;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>What TraceEvent adds, one after the other: each step is a loss, also the one that makes the total negative.</summary>
    [Theory]
    [InlineData(new[] { 3 }, new long[] { 3 })]
    [InlineData(new[] { 3, 0, 4 }, new long[] { 3, 0, 4 })]
    [InlineData(new[] { int.MaxValue }, new long[] { 1 })]
    [InlineData(new[] { int.MaxValue, 0, 5, 7 }, new long[] { 1, 0, 5, 7 })]
    [InlineData(new[] { 3, int.MaxValue, 5 }, new long[] { 3, 1, 5 })]
    [InlineData(new[] { int.MaxValue, int.MaxValue, int.MaxValue, 2 }, new long[] { 1, 1, 1, 2 })]
    public void No_loss_is_missed_after_a_count_that_cannot_be_told(int[] added, long[] expected)
    {
        var count = default(LostEventCount);
        int total = 0;
        Assert.Equal(expected, added.Select(step => count.Advance(total = unchecked(total + step))));
    }

    /// <summary>Several between two events of the stream: a loss, never of an impossible size.</summary>
    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    [InlineData(1, 9)]
    [InlineData(2, 9)]
    public void Several_at_once_are_a_loss_of_a_believable_number(int beginnings, int lost)
    {
        int total = lost;
        for (int i = 0; i < beginnings; i++) total = unchecked(total + int.MaxValue);
        Assert.InRange(default(LostEventCount).Advance(total), 1, Math.Max(1, lost));
    }

    [Fact]
    public async Task A_thread_with_the_id_of_one_that_ended_is_one_event_lost_not_two_billion()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists(LastId), $"Needs root and {LastId} to choose a thread's id.");
        using EventPipeSession session = await OwnRuntime.StartSessionAsync(bufferMegabytes: 16);
        var status = new SourceStatus("runtime");
        List<TimelineEvent> events = [];
        Task<List<int>> reading = Task.Factory.StartNew(
            () => Read(session, status, events), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(SpinWait.SpinUntil(WorkloadEventSource.Log.IsEnabled, Limit));

        int id = Mark(Events, wanted: null);
        bool isReused = SpinWait.SpinUntil(() => !Directory.Exists($"/proc/self/task/{id}"), Limit)
            && Enumerable.Range(0, Tries).Any(_ => Reuse(id));
        await session.StopAsync(TestContext.Current.CancellationToken);
        List<int> totals = await reading.WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.SkipUnless(isReused, $"The kernel gave thread {id} to another process {Tries} times.");
        TestContext.Current.TestOutputHelper!.WriteLine($"thread {id}; TraceEvent: {string.Join(", ", totals)}; counted: {status.Lost}");
        Assert.Contains(int.MaxValue, totals);
        // Where the ids are turned back, a thread of the test's own runtime may be given an old one as well: each is one event lost.
        int reused = totals.Count - 1;
        Assert.Equal(reused, status.Lost);
        Assert.Equal(reused, events.Count(happened => happened.Kind == EventKind.LossEnded && happened.Scope == LossScope.Runtime));
    }

    private static bool Reuse(int id)
    {
        File.WriteAllText(LastId, (id - 1).ToString(CultureInfo.InvariantCulture));
        return Mark(Events, wanted: id) == id;
    }

    /// <summary>A thread of its own that emits marks, unless it has not the id that is wanted.</summary>
    private static int Mark(int marks, int? wanted)
    {
        int id = 0;
        var thread = new Thread(() =>
        {
            id = CallingThread.Id;
            if (wanted is { } one && one != id) return;
            for (int i = 0; i < marks; i++) WorkloadEventSource.Log.EndIteration(WorkloadEventSource.Log.BeginIteration(0), 0);
        });
        thread.Start();
        Assert.True(thread.Join(Limit));
        return id;
    }

    /// <returns>TraceEvent's total: at first, and whenever it changed.</returns>
    private static List<int> Read(EventPipeSession session, SourceStatus status, List<TimelineEvent> events)
    {
        var decoder = new RuntimeEventDecoder(
            status, events.Add, _ => { }, new ThreadReports(new CounterReadings(), new CounterGroups(null, _ => { })), (thread, _) => thread);
        using var stream = new EventPipeEventSource(session.EventStream);
        List<int> totals = [0];
        stream.AllEvents += happened =>
        {
            decoder.Decode(happened, stream.EventsLost);
            if (stream.EventsLost != totals[^1]) totals.Add(stream.EventsLost);
        };
        stream.Process();
        return totals;
    }
}
