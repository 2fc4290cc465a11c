using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

/// <summary>A suspension that thread 7 asks for, and that is not reached for 8 of its 9 ms.</summary>
public sealed class PauseCausesTests
{
    private const long Millisecond = 1_000_000;
    private readonly CauseEvidence _evidence = new()
    {
        Limits = () => new TargetLimits(new ThreadScheduling(0, 0, 2), 2, null),
        NameOf = thread => thread == 7 ? "asks" : $"thread-{thread}",
    };

    private readonly CauseTimes _process = new();
    private readonly PauseCauses _pauses;

    public PauseCausesTests() => _pauses = new PauseCauses(_evidence, new CauseFinder(_evidence), _process);

    [Fact]
    public void A_thread_that_ran_on_is_named_and_only_for_the_time_it_was_waited_for()
    {
        _pauses.Add(Pause(at: 1, suspending: 8, all: 9));
        _pauses.Explain(Suspension(last: 8));
        Expect((Gc("waited for thread, which ran on where the runtime could not stop it"), 8), (Gc(""), 1));
    }

    [Fact]
    public void The_sentence_begins_with_the_thread_that_was_waited_for()
    {
        Assert.Equal(
            "stopped by the runtime, which waited for thread, which ran on where the runtime could not stop it (garbage collection: gen0, induced, triggered by asks)",
            CauseText.Describe(Gc("waited for thread, which ran on where the runtime could not stop it"), TargetLimits.None));
        Assert.Equal(
            "stopped by the runtime, which waited for a thread, which one is not known (garbage collection: gen1, other)",
            CauseText.Describe(new Cause(CauseKind.Gc, "gen1, other", Detail: "waited for a thread, which one is not known"), TargetLimits.None));
        Assert.Equal(
            "stopped by the runtime for garbage collection: gen0, induced (triggered by asks)", CauseText.Describe(Gc(""), TargetLimits.None));
    }

    [Fact]
    public void A_thread_without_a_CPU_is_waited_for_because_of_whoever_held_it()
    {
        Hold(8, 1, 7, new Holder(CauseKind.Neighbour, "stress", 5));
        _pauses.Add(Pause(at: 1, suspending: 8, all: 9));
        _pauses.Explain(Suspension(last: 8));
        Expect((Gc("waited for thread, which was without a CPU: stress held it"), 8), (Gc(""), 1));
        Assert.StartsWith("Give that thread its CPU", CauseText.Advise(_process.Ranked[0].Key, TargetLimits.None), StringComparison.Ordinal);
        Assert.StartsWith("Allocate less", CauseText.Advise(_process.Ranked[1].Key, TargetLimits.None), StringComparison.Ordinal);
    }

    [Fact]
    public void The_one_that_asks_notices_nothing_while_it_has_no_CPU_itself()
    {
        Hold(7, 1, 8, new Holder(CauseKind.Neighbour, "stress", 5));
        _pauses.Add(Pause(at: 1, suspending: 8, all: 9));
        _pauses.Explain(Suspension(last: 8));
        Expect((Gc("waited for asks itself, which was without a CPU: stress held it"), 8), (Gc(""), 1));
    }

    [Fact]
    public void Where_the_one_that_did_not_stop_had_the_CPU_of_the_one_that_asks_it_is_named()
    {
        Hold(7, 1, 8, new Holder(CauseKind.OwnThreads, "", 1));
        _pauses.Add(Pause(at: 1, suspending: 8, all: 9));
        _pauses.Explain(Suspension(last: 8));
        Expect((Gc("waited for thread, which ran on where the runtime could not stop it"), 8), (Gc(""), 1));
    }

    [Fact]
    public void Where_the_evidence_is_not_clear_no_thread_is_named()
    {
        _pauses.Add(Pause(at: 1, suspending: 8, all: 9));
        _pauses.Explain(Suspension(last: TimelineEvent.UnknownThread));
        Expect((Gc("waited for a thread, which one is not known"), 8), (Gc(""), 1));
    }

    [Fact]
    public void Threads_that_stop_within_a_millisecond_are_not_asked_why()
    {
        _pauses.Add(new GcPause(new(1), new(2 * Millisecond), new(Millisecond - 1), 0, "induced", 7));
        Expect((Gc(""), 2));
    }

    [Fact]
    public void A_short_pause_keeps_its_place_behind_a_long_one_that_waits()
    {
        _pauses.Add(Pause(at: 1, suspending: 8, all: 9));
        _pauses.Add(Pause(at: 20, suspending: 0, all: 1));
        Assert.Empty(_process.Ranked);
        _pauses.Explain(Suspension(last: 8));
        Assert.Equal(9 * Millisecond, _process.Total);
        _pauses.Explain(new Suspension(At(20), At(20), At(21), 7));
        List<long> lengths = [];
        _evidence.Pauses.Visit(Timestamp.Zero, Timestamp.Never, (_, inside) => lengths.Add((long)inside / Millisecond));
        Assert.Equal([1, 1, 8], lengths);
    }

    [Fact]
    public void What_the_timeline_has_not_explained_by_the_end_of_an_account_it_never_will()
    {
        _pauses.Add(Pause(at: 1, suspending: 8, all: 9));
        _pauses.Settle(At(9));
        Assert.Empty(_process.Ranked);
        _pauses.Settle(At(10));
        Expect((Gc("waited for a thread, which one is not known"), 8), (Gc(""), 1));
    }

    [Fact]
    public void However_many_wait_their_number_is_bounded_and_none_is_dropped()
    {
        for (int i = 0; i < 3_000; i++) _pauses.Add(Pause(at: 10 * i, suspending: 2, all: 3));
        Assert.InRange(_process.Total, 1_900 * 3 * Millisecond, 3_000 * 3 * Millisecond);
        _pauses.Settle(Timestamp.Never);
        Assert.Equal(3_000 * 3 * Millisecond, _process.Total);
    }

    private static GcPause Pause(long at, long suspending, long all) =>
        new(At(at), new(all * Millisecond), new(suspending * Millisecond), 0, "induced", 7);

    private static Suspension Suspension(int last) => new(At(1), At(9), At(10), 7, last);

    private static Timestamp At(long milliseconds) => new(milliseconds * Millisecond);

    private static Cause Gc(string waitedFor) => new(
        CauseKind.Gc, "gen0, induced", Detail: waitedFor.Length > 0 ? $"triggered by asks, {waitedFor}" : "triggered by asks");

    private void Hold(int thread, long from, long to, Holder holder)
    {
        var log = new IntervalLog<Holder>();
        log.Add(At(from), At(to), holder);
        _evidence.Holders[thread] = log;
    }

    private void Expect(params (Cause Cause, long Milliseconds)[] expected) =>
        Assert.Equal(expected, _process.Ranked.Select(pair => (pair.Key, (pair.Value + (Millisecond / 2)) / Millisecond)));
}
