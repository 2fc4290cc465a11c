using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

/// <summary>A unit of 1000 ns on thread 7, and what is known beside it.</summary>
public sealed class CauseFinderTests
{
    private const int Thread = 7;
    private readonly IntervalLog<string> _locks = new();
    private string? _name;
    private readonly Dictionary<int, string> _names = [];
    private TargetLimits _limits = new(new ThreadScheduling(0, 0, 2), 2, null);
    private bool _isOfKernel = true;
    private readonly CauseEvidence _evidence;

    public CauseFinderTests() => _evidence = new CauseEvidence
    {
        Locks = thread => thread == Thread ? _locks : null,
        Limits = () => _limits,
        NameOf = thread => _names.GetValueOrDefault(thread) ?? _name ?? $"worker-{thread}",
        ProcessOf = thread => (thread, $"process-{thread}"),
        IsOfKernel = _ => _isOfKernel,
        FaultSeconds = 1e-7,
    };

    [Fact]
    public void A_neighbour_is_named_with_its_process()
    {
        Hold(Thread, 400, 700, new Holder(CauseKind.Neighbour, "stress", 4711));
        Expect(Find(Times(running: 700, preempted: 300)), (new Cause(CauseKind.Work), 700), (new Cause(CauseKind.Neighbour, "stress", 4711), 300));
    }

    [Fact]
    public void Time_under_the_quota_is_not_charged_to_whoever_ran_meanwhile()
    {
        _limits = _limits with { QuotaCpus = 0.5 };
        _evidence.Throttled.Add(new(400), new(700), "group");
        Hold(Thread, 400, 700, new Holder(CauseKind.Neighbour, "innocent", 1));
        Expect(Find(Times(running: 700, preempted: 300)), (new Cause(CauseKind.Work), 700), (new Cause(CauseKind.Throttled, "0.5 CPUs"), 300));
    }

    [Fact]
    public void Preempted_and_waking_time_is_split_apart_and_adds_up_to_both()
    {
        _limits = _limits with { QuotaCpus = 0.5 };
        _evidence.Throttled.Add(new(400), new(500), "group");
        Hold(Thread, 400, 800, new Holder(CauseKind.Neighbour, "stress", 4711));
        var finder = new CauseFinder(_evidence);
        for (int twice = 0; twice < 2; twice++)
        {
            // The second unit has nothing of the first.
            finder.Find(new UnitEvidence(Thread, new(0), new(1_000), Times(running: 500, preempted: 500), [], 0), new CauseTimes());
            Expect(
                finder.WithoutCpu,
                (new Cause(CauseKind.Neighbour, "stress", 4711), 330), (new Cause(CauseKind.Throttled, "0.5 CPUs"), 110), (new Cause(CauseKind.Unknown), 60));
        }

        Assert.Equal(["neighbour", "throttled", "unknown"], finder.WithoutCpu.Seconds().Keys.Order());
    }

    [Fact]
    public void While_another_thread_of_the_program_runs_the_quota_is_not_used_up()
    {
        _limits = _limits with { QuotaCpus = 0.5 };
        _evidence.Throttled.Add(new(500), new(700), "group");
        Hold(Thread, 400, 500, new Holder(CauseKind.OwnThreads, "", 1));
        Hold(Thread, 500, 700, new Holder(CauseKind.WakeUp, "", 0));
        Expect(
            Find(Times(running: 700, preempted: 300)),
            (new Cause(CauseKind.Work), 700),
            (new Cause(CauseKind.Throttled, "0.5 CPUs"), 200),
            (new Cause(CauseKind.OwnThreads), 100));
    }

    [Fact]
    public void Own_threads_on_fewer_CPUs_than_there_are_are_the_affinity_masks_doing()
    {
        _limits = _limits with { Scheduling = new ThreadScheduling(0, 0, 1) };
        Hold(Thread, 0, 500, new Holder(CauseKind.OwnThreads, "", 1));
        Expect(Find(Times(running: 500, preempted: 500)), (new Cause(CauseKind.Work), 500), (new Cause(CauseKind.Affinity, "1 of 2 CPUs"), 500));
    }

    [Fact]
    public void At_a_low_priority_others_go_first()
    {
        _limits = _limits with { Scheduling = new ThreadScheduling(19, 0, 2) };
        Hold(Thread, 0, 900, new Holder(CauseKind.Neighbour, "stress", 5));
        Expect(Find(Times(running: 100, preempted: 900)), (new Cause(CauseKind.Priority, "stress", 5), 900), (new Cause(CauseKind.Work), 100));
    }

    [Fact]
    public void A_managed_lock_comes_before_what_its_owner_did()
    {
        _locks.Add(new(200), new(600), "worker");
        BlockedShare[] blocked = [new BlockedShare(9, BlockedFor.Running, new(400))];
        Expect(Find(Times(running: 600, blocked: 400), blocked), (new Cause(CauseKind.Work), 600), (new Cause(CauseKind.Lock, "worker", Detail: "which ran"), 400));
    }

    [Fact]
    public void What_a_thread_does_for_those_that_wait_is_work_and_what_it_does_for_itself_is_not()
    {
        BlockedShare[] blocked =
        [
            new BlockedShare(9, BlockedFor.Running, new(100)) { IsAsked = true },
            new BlockedShare(9, BlockedFor.Running, new(200)) { Via = [11, 12, 4] },
        ];
        Expect(
            Find(Times(running: 700, blocked: 300), blocked),
            (new Cause(CauseKind.Work), 700),
            (new Cause(CauseKind.Waiting, "worker", Detail: "which ran, through worker"), 200),
            (new Cause(CauseKind.Workers, "worker"), 100));
    }

    [Theory]
    [InlineData(TimelineEvent.Interrupt, ".NET Sockets", "network", "")]
    [InlineData(TimelineEvent.Interrupt, "holder", "waiting", "holder")]
    [InlineData(TimelineEvent.TimerInterrupt, "holder", "waiting", "holder")]
    [InlineData(TimelineEvent.NetworkInterrupt, "holder", "network", "")]
    [InlineData(TimelineEvent.DiskInterrupt, "holder", "io", "device")]
    public void An_interrupt_has_its_kind_or_that_of_a_thread_that_listens_to_sockets(int interrupt, string woken, string kind, string by)
    {
        _name = woken;
        BlockedShare[] blocked = [new BlockedShare(interrupt, BlockedFor.Interrupt, new(400)) { Via = [9] }];
        Cause cause = Find(Times(running: 600, blocked: 400), blocked).Ranked[1].Key;
        Assert.Equal((kind, by), (Cause.NameOf(cause.Kind), cause.By));
        Assert.False(cause.IsBound);
    }

    [Fact]
    public void A_thread_of_the_kernel_that_works_for_a_disk_is_the_disk()
    {
        _name = "jbd2/vda1-8";
        BlockedShare[] blocked = [new BlockedShare(9, BlockedFor.OtherProcess, new(400))];
        Cause cause = Find(Times(running: 600, blocked: 400), blocked).Ranked[1].Key;
        Assert.Equal(new Cause(CauseKind.Io, "jbd2"), cause);
        Assert.False(cause.IsBound);
    }

    [Theory]
    [InlineData("md5sum")]
    [InlineData("xfs_repair")]
    [InlineData("kworker/0:1-ext4")]
    public void A_program_that_is_called_like_one_is_another_process(string name)
    {
        (_name, _isOfKernel) = (name, false);
        BlockedShare[] blocked = [new BlockedShare(9, BlockedFor.OtherProcess, new(400))];
        Cause cause = Find(Times(running: 600, blocked: 400), blocked).Ranked[1].Key;
        Assert.Equal(new Cause(CauseKind.OtherProcess, "process", 9), cause);
    }

    [Fact]
    public void While_the_program_was_stopped_whatever_continued_it_is_not_the_cause()
    {
        _evidence.Stopped.Add(new(300), new(700), true);
        BlockedShare[] blocked = [new BlockedShare(9, BlockedFor.OtherProcess, new(400))];
        Expect(Find(Times(running: 600, blocked: 400), blocked), (new Cause(CauseKind.Work), 600), (new Cause(CauseKind.Stopped), 400));
    }

    [Theory]
    [InlineData(true, "SyncOverAsync")]
    [InlineData(false, "Waiting")]
    public void To_wait_for_ones_own_asynchronous_work_has_a_name_of_its_own(bool isOwn, string kind)
    {
        BlockedShare[] blocked = [new BlockedShare(9, BlockedFor.Asynchronous, new(400)) { IsAsked = isOwn }];
        CauseTimes found = Find(Times(running: 600, blocked: 400), blocked);
        Assert.Equal(400, Of(found, Enum.Parse<CauseKind>(kind)));
        Assert.Equal(1000, found.Total);
    }

    [Fact]
    public void Where_the_pool_says_that_it_starved_its_queue_was_what_asynchronous_work_waited_for()
    {
        _name = ".NET TP Worker";
        _evidence.Starved.Add(new(700), new(1000), true);
        BlockedShare[] blocked = [new BlockedShare(9, BlockedFor.Asynchronous, new(400)) { IsAsked = true }];
        CauseTimes found = Find(Times(running: 600, blocked: 400), blocked);
        Assert.Equal((300, 100), (Of(found, CauseKind.PoolStarvation), Of(found, CauseKind.SyncOverAsync)));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(9, 11)]
    public void A_worker_of_the_pool_that_slept_for_something_else_is_starvation(params int[] via)
    {
        (_names[9], _names[11]) = (".NET TP Worker", ".NET TP Worker");
        BlockedShare[] blocked = [new BlockedShare(TimelineEvent.TimerInterrupt, BlockedFor.Interrupt, new(400)) { Via = via }];
        Expect(Find(Times(running: 600, blocked: 400), blocked), (new Cause(CauseKind.Work), 600), (new Cause(CauseKind.PoolStarvation), 400));
    }

    [Fact]
    public void A_worker_of_the_pool_that_the_thread_of_the_sockets_woke_was_free()
    {
        (_names[9], _names[11]) = (".NET TP Worker", ".NET Sockets");
        BlockedShare[] blocked = [new BlockedShare(TimelineEvent.NetworkInterrupt, BlockedFor.Interrupt, new(400)) { Via = [9, 11] }];
        Assert.Equal(400, Of(Find(Times(running: 600, blocked: 400), blocked), CauseKind.Network));
    }

    /// <summary>Whoever woke that one: it adds a worker where none was free for a while.</summary>
    [Theory]
    [InlineData(TimelineEvent.TimerInterrupt, BlockedFor.Interrupt, new[] { 9, 12 })]
    [InlineData(13, BlockedFor.Running, new[] { 9, 12 })]
    [InlineData(12, BlockedFor.Running, new[] { 9 })]
    public void A_worker_that_the_gate_of_the_pool_added_is_starvation(int waker, BlockedFor cause, int[] via)
    {
        (_names[9], _names[12]) = (".NET TP Worker", ".NET TP Gate");
        BlockedShare[] blocked = [new BlockedShare(waker, cause, new(400)) { Via = via, IsAsked = true }];
        Expect(Find(Times(running: 600, blocked: 400), blocked), (new Cause(CauseKind.Work), 600), (new Cause(CauseKind.PoolStarvation), 400));
    }

    [Fact]
    public void A_worker_of_a_pool_that_makes_no_progress_is_starvation_up_to_that_time()
    {
        _name = ".NET TP Worker";
        _evidence.Starved.Add(new(0), new(300), true);
        BlockedShare[] blocked = [new BlockedShare(TimelineEvent.Interrupt, BlockedFor.Interrupt, new(400)) { Via = [9], IsAsked = true }];
        Expect(
            Find(Times(running: 600, blocked: 400), blocked),
            (new Cause(CauseKind.Work), 600),
            (new Cause(CauseKind.PoolStarvation), 300),
            (new Cause(CauseKind.Waiting, ".NET TP Worker", Detail: "which waited for a timer or a device"), 100));
    }

    [Fact]
    public void What_only_the_machine_counts_bounds_a_disk_and_says_so()
    {
        _evidence.IoStalled.Add(new(0), new(250), true);
        BlockedShare[] blocked = [new BlockedShare(TimelineEvent.Interrupt, BlockedFor.Interrupt, new(400))];
        CauseTimes found = Find(Times(running: 600, blocked: 400), blocked);
        Expect(found, (new Cause(CauseKind.Work), 600), (new Cause(CauseKind.Io), 250), (new Cause(CauseKind.Timer), 150));
        CauseLine line = WhyReport.Lines(found, 1_000, _limits)[1];
        Assert.True(line.AtMost);
        Assert.EndsWith("  at most waiting for a disk", line.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_waker_that_waited_for_a_CPU_is_followed_to_whoever_held_that()
    {
        Hold(9, 100, 500, new Holder(CauseKind.Neighbour, "stress", 5));
        BlockedShare[] blocked = [new BlockedShare(9, BlockedFor.Preempted, new(400))];
        Expect(Find(Times(running: 600, blocked: 400), blocked), (new Cause(CauseKind.Work), 600), (new Cause(CauseKind.Neighbour, "stress", 5), 400));
    }

    [Fact]
    public void A_wait_that_nothing_explains_is_unknown_and_not_scaled_up()
    {
        Hold(Thread, 400, 500, new Holder(CauseKind.Neighbour, "stress", 5));
        CauseTimes found = Find(Times(running: 0, preempted: 1000));
        Assert.Equal(110, Of(found, CauseKind.Neighbour));
        Assert.Equal(890, Of(found, CauseKind.Unknown));
    }

    [Fact]
    public void A_suspension_has_its_reason_and_page_faults_are_modelled()
    {
        _evidence.Pauses.Add(new(300), new(500), new Cause(CauseKind.Gc, "gen2, induced", Detail: "triggered by main"));
        CauseTimes found = Find(Times(running: 800, gc: 200), faults: 3);
        Expect(found, (new Cause(CauseKind.Work), 500), (new Cause(CauseKind.PageFaults), 300), (new Cause(CauseKind.Gc, "gen2, induced", Detail: "triggered by main"), 200));
    }

    [Fact]
    public void What_is_awaited_is_named_and_what_nothing_tells_of_is_unknown()
    {
        var times = default(StateTimes);
        times[AccountState.Awaiting] = new(1_000);
        var awaited = default(AwaitedTimes);
        awaited[AwaitedFor.Http] = new(600);
        awaited[AwaitedFor.Tls] = new(100);
        awaited[AwaitedFor.Other] = new(250);
        var found = new CauseTimes();
        new CauseFinder(_evidence).Find(new UnitEvidence(Thread, new(0), new(1_000), times, [], 0) { Awaited = awaited }, found);
        Expect(
            found,
            (new Cause(CauseKind.Awaiting, "http"), 600), (new Cause(CauseKind.Awaiting, "other"), 250),
            (new Cause(CauseKind.Awaiting, "tls"), 100), (new Cause(CauseKind.Awaiting, "unknown"), 50));
        Assert.Contains("outgoing HTTP calls", CauseText.Describe(new Cause(CauseKind.Awaiting, "http"), TargetLimits.None), StringComparison.Ordinal);
        Assert.NotNull(CauseText.Advise(new Cause(CauseKind.Awaiting, "http"), TargetLimits.None));
    }

    [Fact]
    public void The_parts_add_up_to_the_wall_time_whatever_is_known()
    {
        var random = new Random(1);
        for (int i = 0; i < 1_000; i++)
        {
            long from = random.Next(1_000);
            Hold(random.Next(2) == 0 ? Thread : 9, from, from + random.Next(1, 500), new Holder((CauseKind)random.Next(Cause.Kinds.Length), "x", random.Next(3)));
            if (random.Next(3) == 0) _evidence.Throttled.Add(new(from), new(from + random.Next(1, 300)), "group");
            if (random.Next(5) == 0) _locks.Add(new(from), new(from + random.Next(1, 300)), "owner");
            if (random.Next(5) == 0) _evidence.Pauses.Add(new(from), new(from + random.Next(1, 300)), new Cause(CauseKind.Gc, "gen0"));
            long running = random.Next(400);
            long preempted = random.Next(300);
            long gc = random.Next(100);
            BlockedShare[] blocked = [new BlockedShare(9, (BlockedFor)random.Next(6), new(random.Next(200)))];
            Assert.Equal(1_000, Find(Times(running, preempted, 1_000 - running - preempted - gc, gc), blocked, random.Next(5)).Total);
        }
    }

    private void Hold(int thread, long from, long to, Holder holder)
    {
        if (!_evidence.Holders.TryGetValue(thread, out IntervalLog<Holder>? log)) _evidence.Holders.Add(thread, log = new());
        log.Add(new(from), new(to), holder);
    }

    private CauseTimes Find(StateTimes times, BlockedShare[]? blocked = null, long faults = 0)
    {
        var found = new CauseTimes();
        new CauseFinder(_evidence).Find(new UnitEvidence(Thread, new(0), new(1_000), times, blocked ?? [], faults), found);
        return found;
    }

    private static StateTimes Times(long running, long preempted = 0, long blocked = 0, long gc = 0)
    {
        var times = default(StateTimes);
        times[AccountState.Running] = new(running);
        times[AccountState.Preempted] = new(preempted);
        times[AccountState.Blocked] = new(blocked);
        times[AccountState.Gc] = new(gc);
        return times;
    }

    private static long Of(CauseTimes found, CauseKind kind) => found.ByKind()[(int)kind];

    private static void Expect(CauseTimes found, params (Cause Cause, long Nanoseconds)[] expected) =>
        Assert.Equal(expected, found.Ranked.Select(pair => (pair.Key, pair.Value)));
}
