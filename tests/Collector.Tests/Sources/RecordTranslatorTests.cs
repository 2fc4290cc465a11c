using CsCheck;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class RecordTranslatorTests
{
    private readonly SourceStatus _status = new("kernel");
    private readonly ThreadNames _names = new();
    private readonly HashSet<int> _alive = [70, 71];
    private readonly List<(int Thread, long At)> _ended = [];
    private readonly List<TimelineEvent[]> _posted = [];
    private readonly RecordTranslator _translator;

    public RecordTranslatorTests() => _translator =
        new RecordTranslator(target: 70, _status, _names, events => _posted.Add(events.ToArray()), _alive.Contains)
        {
            ThreadEnded = (thread, at) => _ended.Add((thread, at.Nanoseconds)),
        };

    [Theory]
    [InlineData(false, false, EventKind.SwitchIn)]
    [InlineData(true, false, EventKind.SwitchOut)]
    [InlineData(true, true, EventKind.Preempted)]
    public void A_switch_becomes_what_it_was(bool isOut, bool isPreempted, EventKind expected)
    {
        _translator.OnSwitch(new SwitchRecord(5, Cpu: 1, ProcessId: 7, ThreadId: 8, isOut, isPreempted));
        TimelineEvent translated = Assert.Single(_translator.Events.ToArray());
        Assert.Equal((expected, 5L, 1, 7, 8), (translated.Kind, translated.At.Nanoseconds, translated.Cpu, translated.Process, translated.Thread));
        Assert.Equal(1, _status.Events);
    }

    /// <summary>Of 71 it is known that it is a thread of the target: that its id is another process's now has to be told with the process.</summary>
    [Theory]
    [InlineData(8, 9, 1)]
    [InlineData(0, 9, 1)]
    [InlineData(8, 0, 1)]
    [InlineData(70, 9, 2)]
    [InlineData(8, 70, 2)]
    [InlineData(8, 71, 2)]
    [InlineData(TimelineEvent.ExitingThread, 9, 2)]
    [InlineData(8, TimelineEvent.ExitingThread, 2)]
    public void Two_switches_that_do_not_concern_the_target_are_one_event(int leaving, int coming, int events)
    {
        _translator.Know(71);
        _translator.OnHandOver(
            new SwitchRecord(5, Cpu: 1, ProcessId: leaving, leaving, IsSwitchOut: true, IsPreempted: true),
            new SwitchRecord(6, Cpu: 1, ProcessId: coming, coming, IsSwitchOut: false, IsPreempted: false));
        Assert.Equal(events, _translator.Events.Count);
        Assert.Equal([(EventKind.Preempted, leaving), (EventKind.SwitchIn, coming)], _translator.Events.ToArray().Select(told => (told.Kind, told.Thread)));
        Assert.Equal(2, _status.Events);
    }

    /// <summary>Of processes and threads that run new programs as well, and of those of the target.</summary>
    [Fact]
    public void A_hand_over_tells_what_its_two_switches_tell() =>
        Gen.Select(Gen.Int[0, 1], Gen.Int[68, 71], Gen.Int[-1, 3], Gen.Int[68, 71], Gen.Int[-1, 3], Gen.Bool).List[0, 40].Sample(steps =>
    {
        SourceStatus statusOfOne = new("one"), statusOfTwo = new("two");
        var one = new RecordTranslator(target: 70, statusOfOne, new ThreadNames(), _ => { }, _ => true);
        var two = new RecordTranslator(target: 70, statusOfTwo, new ThreadNames(), _ => { }, _ => true);
        foreach ((int cpu, int leaving, int which, int coming, int whichComing, bool isPreempted) in steps)
        {
            SwitchRecord left = new(5, cpu, leaving, which < 0 ? which : leaving + (100 * which), IsSwitchOut: true, isPreempted);
            SwitchRecord came = new(6, cpu, coming, whichComing < 0 ? whichComing : coming + (100 * whichComing), IsSwitchOut: false, IsPreempted: false);
            one.OnHandOver(left, came);
            two.OnSwitch(left);
            two.OnSwitch(came);
        }

        Assert.Equal(two.Events.ToArray().Select(Told), one.Events.ToArray().Select(Told));
        Assert.Equal(statusOfTwo.Events, statusOfOne.Events);
        Assert.Equal(two.IsSettled(new Timestamp(9)), one.IsSettled(new Timestamp(9)));

        // Of a hand-over the process is not kept, and one time of two.
        static (EventKind, int, int, int) Told(TimelineEvent told) =>
            (told.Kind, told.Cpu, told.Thread, told.Process == 70 ? 70 : 0);
    });

    [Fact]
    public void A_waking_is_about_the_thread_that_was_woken()
    {
        _translator.OnWaking(new WakingRecord(5, Cpu: 1, WakerProcessId: 2, WakerThreadId: 3, WokenThreadId: 4));
        Assert.Equal(TimelineEvent.Waking(new Timestamp(5), 1, 4, waker: 3), Assert.Single(_translator.Events.ToArray()));
    }

    /// <summary>Its beginning and its coming to a CPU were lost: without being told, the timeline would blame another process for what it woke.</summary>
    [Fact]
    public void A_thread_of_the_target_that_nothing_has_told_of_is_introduced_by_what_it_wakes()
    {
        var wakes = new WakingRecord(5, Cpu: 1, WakerProcessId: 70, WakerThreadId: 71, WokenThreadId: 4);
        _translator.OnWaking(wakes);
        _translator.OnWaking(wakes with { Time = 6 });
        Assert.True(_translator.HasNewThreads);
        Assert.Equal(
            [
                TimelineEvent.ThreadSeen(new Timestamp(4), 71, process: 70, sleeping: false),
                TimelineEvent.Waking(new Timestamp(5), 1, 4, waker: 71),
                TimelineEvent.Waking(new Timestamp(6), 1, 4, waker: 71),
            ],
            _translator.Events.ToArray());
    }

    /// <summary>An exiting thread wakes those that wait for its end after it has told it; no second end would ever take it away.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_thread_that_has_told_its_end_is_not_introduced_again(bool wasKnown)
    {
        if (wasKnown) Switch(71);
        _translator.OnExit(new ExitRecord(8, Cpu: 1, ProcessId: 70, ThreadId: 71));
        _translator.Clear();
        _translator.OnWaking(new WakingRecord(9, Cpu: 1, WakerProcessId: 70, WakerThreadId: 71, WokenThreadId: 4));
        // Without an id, and of another process.
        _translator.OnWaking(new WakingRecord(10, Cpu: 1, WakerProcessId: 70, WakerThreadId: TimelineEvent.ExitingThread, WokenThreadId: 4));
        _translator.OnWaking(new WakingRecord(11, Cpu: 1, WakerProcessId: 7, WakerThreadId: 8, WokenThreadId: 4));
        Assert.All(_translator.Events.ToArray(), told => Assert.Equal(EventKind.Waking, told.Kind));
    }

    [Fact]
    public void Names_are_learned_and_inherited()
    {
        _translator.OnComm(new CommRecord(1, 0, ProcessId: 70, ThreadId: 70, Name: "sh"));
        _translator.OnFork(new ForkRecord(2, 0, ProcessId: 71, ThreadId: 71, ParentProcessId: 70, ParentThreadId: 70));
        _translator.OnComm(new CommRecord(3, 0, ProcessId: 70, ThreadId: 70, Name: "cat"));
        Assert.Equal(("cat", "sh"), (_names.NameOf(70), _names.NameOf(71)));
    }

    /// <summary>It takes the id of the main thread while it is on a CPU: the switch out that follows has another id than the switch in.</summary>
    [Fact]
    public void A_thread_that_runs_a_new_program_breaks_no_chain()
    {
        var timeline = new Timeline.Timeline(70, new Unheard());
        _translator.OnSwitch(new SwitchRecord(5, Cpu: 1, ProcessId: 90, ThreadId: 93, IsSwitchOut: false, IsPreempted: false));
        _translator.OnComm(new CommRecord(7, Cpu: 1, ProcessId: 90, ThreadId: 90, Name: "true", IsExec: true));
        _translator.OnSwitch(new SwitchRecord(9, Cpu: 1, ProcessId: 90, ThreadId: 90, IsSwitchOut: true, IsPreempted: false));
        // One that is the main thread already, and one whose holder is another process: that is a loss, and stays one.
        _translator.OnSwitch(new SwitchRecord(10, Cpu: 1, ProcessId: 94, ThreadId: 94, IsSwitchOut: false, IsPreempted: false));
        _translator.OnComm(new CommRecord(11, Cpu: 1, ProcessId: 94, ThreadId: 94, Name: "true", IsExec: true));
        _translator.OnComm(new CommRecord(12, Cpu: 1, ProcessId: 95, ThreadId: 95, Name: "true", IsExec: true));
        TimelineEvent[] events = _translator.Events.ToArray();
        foreach (TimelineEvent told in events) timeline.Add(told);
        Assert.Equal(0, timeline.Counters.ChainBreaks);
        Assert.Equal(5, events.Length);
        Assert.Equal([(EventKind.SwitchOut, 93), (EventKind.SwitchIn, 90)], events[1..3].Select(told => (told.Kind, told.Thread)));
    }

    /// <summary>
    /// The kernel of some virtual machines writes no switches of the first process, nor of a child of it until that runs a program
    /// of its own.
    /// </summary>
    [Fact]
    public void A_thread_that_was_not_recorded_until_it_runs_a_program_breaks_no_chain()
    {
        var timeline = new Timeline.Timeline(70, new Unheard());
        _translator.OnSwitch(new SwitchRecord(5, Cpu: 1, ProcessId: 15, ThreadId: 15, IsSwitchOut: false, IsPreempted: false));
        _translator.OnSwitch(new SwitchRecord(6, Cpu: 1, ProcessId: 15, ThreadId: 15, IsSwitchOut: true, IsPreempted: false));
        _translator.OnComm(new CommRecord(7, Cpu: 1, ProcessId: 90, ThreadId: 90, Name: "sh", IsExec: true));
        _translator.OnSwitch(new SwitchRecord(9, Cpu: 1, ProcessId: 90, ThreadId: 90, IsSwitchOut: true, IsPreempted: true));
        // The idle task of a CPU is a holder as well: what replaces it unseen is a loss.
        _translator.OnSwitch(new SwitchRecord(10, Cpu: 1, ProcessId: 0, ThreadId: 0, IsSwitchOut: false, IsPreempted: false));
        _translator.OnComm(new CommRecord(11, Cpu: 1, ProcessId: 91, ThreadId: 91, Name: "sh", IsExec: true));
        TimelineEvent[] events = _translator.Events.ToArray();
        foreach (TimelineEvent told in events) timeline.Add(told);
        Assert.Equal(0, timeline.Counters.ChainBreaks);
        Assert.Equal([(EventKind.SwitchIn, 90, 7L), (EventKind.Preempted, 90, 9L)], events[2..4].Select(told => (told.Kind, told.Thread, told.At.Nanoseconds)));
        Assert.Equal(5, events.Length);
    }

    /// <summary>Between the two, anything may have come to the CPU.</summary>
    [Fact]
    public void After_a_loss_a_new_program_tells_nothing_of_who_had_the_cpu()
    {
        _translator.OnSwitch(new SwitchRecord(5, Cpu: 1, ProcessId: 90, ThreadId: 93, IsSwitchOut: false, IsPreempted: false));
        _translator.OnLost(new LostRecord(6, Cpu: 1, Count: 2));
        _translator.OnComm(new CommRecord(7, Cpu: 1, ProcessId: 90, ThreadId: 90, Name: "true", IsExec: true));
        Assert.Equal([EventKind.SwitchIn, EventKind.LossEnded], _translator.Events.ToArray().Select(told => told.Kind));
    }

    /// <summary>
    /// The first record of its new id is the switch by which it loses the CPU. That the main thread ended before is told in a ring
    /// that is read later.
    /// </summary>
    [Fact]
    public void A_thread_that_loses_its_cpu_before_its_new_program_is_told_breaks_no_chain()
    {
        var timeline = new Timeline.Timeline(70, new Unheard());
        LoseCpuInExec(at: 9);
        Assert.False(_translator.IsSettled(new Timestamp(9)));
        _translator.OnExit(new ExitRecord(7, Cpu: 0, ProcessId: 90, ThreadId: 90));
        Assert.True(_translator.IsSettled(new Timestamp(20)));
        TimelineEvent[] events = _translator.Events.ToArray();
        foreach (TimelineEvent told in events) timeline.Add(told);
        Assert.Equal(0, timeline.Counters.ChainBreaks);
        Assert.Equal(
            [(EventKind.SwitchIn, 93), (EventKind.SwitchOut, 93), (EventKind.SwitchIn, 90), (EventKind.Preempted, 90)],
            events.Select(told => (told.Kind, told.Thread)));
    }

    /// <summary>Without the end of the main thread before it, nothing but records that are missing explains the switch.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_main_thread_that_has_not_ended_and_leaves_a_cpu_it_did_not_come_to_is_a_loss(bool isOfOlderProcess)
    {
        if (isOfOlderProcess)
        {
            // One that had run a new program: its main thread has told its end twice.
            for (int time = 1; time < 3; time++) _translator.OnExit(new ExitRecord(time, Cpu: 0, ProcessId: 90, ThreadId: 90));
            _translator.OnFork(new ForkRecord(3, Cpu: 0, ProcessId: 90, ThreadId: 90, ParentProcessId: 7, ParentThreadId: 7));
        }

        LoseCpuInExec(at: 9);
        _translator.OnExit(new ExitRecord(11, Cpu: 0, ProcessId: 90, ThreadId: 90));
        Assert.True(_translator.IsSettled(new Timestamp(10)));
        Assert.True(_translator.IsSettled(new Timestamp(30)));
        Assert.Equal(
            TimelineEvent.LossEnded(new Timestamp(10), LossScope.Scheduler, IncompleteReasons.ChainBroken),
            Assert.Single(_translator.Events.ToArray(), told => told.Kind == EventKind.LossEnded));
    }

    private void LoseCpuInExec(long at)
    {
        _translator.OnSwitch(new SwitchRecord(5, Cpu: 1, ProcessId: 90, ThreadId: 93, IsSwitchOut: false, IsPreempted: false));
        _translator.OnSwitch(new SwitchRecord(at, Cpu: 1, ProcessId: 90, ThreadId: 90, IsSwitchOut: true, IsPreempted: true));
    }

    [Fact]
    public void Lost_records_are_counted_and_become_a_loss_on_their_cpu()
    {
        _translator.OnLost(new LostRecord(9, Cpu: 1, Count: 250));
        Assert.Equal(250, _status.Lost);
        Assert.Equal(TimelineEvent.LossEnded(new Timestamp(9), LossScope.Cpu(1)), Assert.Single(_translator.Events.ToArray()));
    }

    [Fact]
    public void Page_faults_stand_in_the_ring_of_their_thread_and_prove_nothing_about_a_cpu()
    {
        _translator.OnPageFaults(new PageFaultsRecord(9, Cpu: 1, ProcessId: 70, ThreadId: 71, Count: 3, IsMajor: false));
        Assert.Equal(LossScope.Thread(71), Assert.Single(_translator.Events.ToArray()).Scope);
    }

    [Fact]
    public void Lost_page_faults_put_no_state_in_doubt_and_counts_are_not_complete()
    {
        _translator.OnLost(new LostRecord(150, Cpu: 1, Count: 250, ThreadId: 71));
        Assert.Equal(250, _status.Lost);
        TimelineEvent lost = Assert.Single(_translator.Events.ToArray());

        var told = new Accounts();
        var timeline = new Timeline.Timeline(70, told);
        foreach (StreamKind stream in Enum.GetValues<StreamKind>()) timeline.Join(stream, new Timestamp(1));
        timeline.Add(TimelineEvent.SwitchIn(new Timestamp(10), cpu: 1, thread: 71, process: 70));
        timeline.Add(TimelineEvent.IterationBegan(new Timestamp(100), 71, 1, 0));
        timeline.AddLoss(lost.Scope, lost.At);
        timeline.Add(TimelineEvent.IterationEnded(new Timestamp(200), 71, 1, 0));
        timeline.Add(TimelineEvent.IterationBegan(new Timestamp(210), 71, 2, 0));
        timeline.Add(TimelineEvent.IterationEnded(new Timestamp(290), 71, 2, 0));
        foreach (StreamKind stream in Enum.GetValues<StreamKind>()) timeline.Advance(stream, new Timestamp(300));

        Assert.Equal([(true, 100L), (true, 80L)], told.Closed.Select(account => (account.IsComplete, account.Times[AccountState.Running].Nanoseconds)));
        Assert.Equal([false, true], told.Closed.Select(account => account.Details.IsComplete));
    }

    /// <summary>What is lost of the ring of a thread's page faults says nothing of who is on the CPUs.</summary>
    [Fact]
    public void After_lost_page_faults_a_new_program_still_breaks_no_chain()
    {
        _translator.OnSwitch(new SwitchRecord(5, Cpu: 1, ProcessId: 90, ThreadId: 93, IsSwitchOut: false, IsPreempted: false));
        _translator.OnLost(new LostRecord(6, Cpu: 1, Count: 2, ThreadId: 71));
        _translator.OnComm(new CommRecord(7, Cpu: 1, ProcessId: 90, ThreadId: 90, Name: "true", IsExec: true));
        Assert.Equal(
            [EventKind.SwitchIn, EventKind.LossEnded, EventKind.SwitchOut, EventKind.SwitchIn], _translator.Events.ToArray().Select(told => told.Kind));
    }

    [Fact]
    public void The_events_of_a_ring_are_posted_together_and_not_kept()
    {
        _translator.OnSwitch(new SwitchRecord(5, Cpu: 0, ProcessId: 7, ThreadId: 8, IsSwitchOut: false, IsPreempted: false));
        _translator.OnRingDrained();
        _translator.OnRingDrained();
        _translator.OnSwitch(new SwitchRecord(4, Cpu: 1, ProcessId: 7, ThreadId: 9, IsSwitchOut: false, IsPreempted: false));
        _translator.OnRingDrained();

        Assert.Equal([8, 9], _posted.Select(ring => Assert.Single(ring).Thread));
        Assert.Empty(_translator.Events.ToArray());
    }

    [Fact]
    public void A_thread_whose_end_was_lost_has_ended_when_two_looks_miss_it()
    {
        Switch(71);
        _alive.Remove(71);
        _translator.OnLost(new LostRecord(9, Cpu: 1, Count: 5));
        _translator.Clear();

        _translator.OnRefreshed(new Timestamp(10), []);
        Assert.Empty(_translator.Events.ToArray());
        _translator.OnRefreshed(new Timestamp(20), []);
        _translator.OnRefreshed(new Timestamp(30), []);

        Assert.Equal([Exited(20, 71)], _translator.Events.ToArray());
    }

    /// <summary>It was preempted after it had given its id back, and comes once more to end: no look at /proc would ever find it.</summary>
    [Fact]
    public void A_thread_without_an_id_is_not_missed()
    {
        Switch(TimelineEvent.ExitingThread);
        _translator.OnLost(new LostRecord(9, Cpu: 1, Count: 5));
        _translator.Clear();

        for (int look = 1; look < 4; look++) _translator.OnRefreshed(new Timestamp(look * 10), []);

        Assert.Empty(_translator.Events.ToArray());
    }

    [Fact]
    public void A_thread_that_told_its_end_and_left_its_cpu_in_a_loss_has_ended()
    {
        Switch(71);
        _translator.OnExit(new ExitRecord(8, Cpu: 1, ProcessId: 70, ThreadId: 71));
        _translator.OnLost(new LostRecord(9, Cpu: 1, Count: 1));
        _translator.Clear();

        _translator.OnRefreshed(new Timestamp(10), []);
        _translator.OnLost(new LostRecord(11, Cpu: 1, Count: 1));
        _translator.Clear();
        _translator.OnRefreshed(new Timestamp(20), []);
        _translator.OnRefreshed(new Timestamp(30), []);

        Assert.Equal([Exited(20, 71)], _translator.Events.ToArray());
    }

    [Fact]
    public void Without_a_loss_the_records_themselves_tell_every_end()
    {
        Switch(71);
        _alive.Clear();
        _translator.OnExit(new ExitRecord(8, Cpu: 1, ProcessId: 70, ThreadId: 71));
        _translator.OnExit(new ExitRecord(8, Cpu: 1, ProcessId: 7, ThreadId: 8));
        _translator.Clear();

        for (int look = 1; look < 4; look++) _translator.OnRefreshed(new Timestamp(look * 10), []);

        Assert.Empty(_translator.Events.ToArray());
        Assert.Equal([(71, 8L)], _ended);
    }

    [Fact]
    public void What_ran_on_a_cpu_without_a_ring_makes_everything_unknown_until_it_has_one()
    {
        _translator.OnUnrecorded(new Timestamp(9));
        Assert.Equal(
            TimelineEvent.LossEnded(new Timestamp(9), LossScope.Scheduler, IncompleteReasons.NotJoined),
            Assert.Single(_translator.Events.ToArray()));
    }

    [Fact]
    public void A_thread_that_a_runtime_thread_makes_is_the_runtimes()
    {
        _names.Learn(71, 70, ".NET EventPipe");
        _names.Learn(72, 70, ".NET TP Worker");
        _translator.OnFork(new ForkRecord(2, 0, ProcessId: 70, ThreadId: 73, ParentProcessId: 70, ParentThreadId: 71));
        _translator.OnFork(new ForkRecord(3, 0, ProcessId: 70, ThreadId: 74, ParentProcessId: 70, ParentThreadId: 72));
        Assert.Equal([ThreadRole.Runtime, ThreadRole.Worker], _translator.Events.ToArray().Select(began => began.Role));
    }

    [Fact]
    public void Malformed_records_are_a_loss_everywhere_and_told_once()
    {
        _translator.OnMalformed(new Timestamp(9), 2);
        _translator.OnMalformed(new Timestamp(10), 2);
        Assert.Equal(2, _status.Lost);
        Assert.Equal(TimelineEvent.LossEnded(new Timestamp(9), LossScope.Scheduler), Assert.Single(_translator.Events.ToArray()));
    }

    private void Switch(int thread) => _translator.OnSwitch(
        new SwitchRecord(5, Cpu: 1, ProcessId: 70, thread, IsSwitchOut: false, IsPreempted: false));

    // In a ring of the thread's own: its CPU has no such record.
    private static TimelineEvent Exited(long at, int thread) =>
        TimelineEvent.Exited(new Timestamp(at), LossScope.Thread(thread).Value, thread, 70);

    private sealed class Unheard : ITimelineObserver;

    private sealed class Accounts : ITimelineObserver
    {
        public List<UnitAccount> Closed { get; } = [];

        public void IterationClosed(in UnitAccount account) => Closed.Add(account);
    }
}
