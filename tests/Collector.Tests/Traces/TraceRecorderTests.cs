using Observatory.Recorder;
using Observatory.Recorder.Tests;
using Observatory.Timeline;
using Observatory.Timeline.Tests;

namespace Observatory.Collector.Tests;

/// <summary>From what happens on a simulated machine to the trace that is kept: each trigger, one at a time, and disks that refuse.</summary>
public sealed class TraceRecorderTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly string _folder = Directory.CreateTempSubdirectory("observatory-recorder-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_slow_iteration_is_captured_with_its_account_its_median_and_its_rank()
    {
        using var bench = new Bench(_folder, new TraceLimits { EnoughUnits = 100 });
        // Four configurations in turns: the next of each is the first to be judged.
        bench.Machine.Run(400);
        bench.Machine.Run(1, step: 250_000);
        UnitAccount slow = bench.Accounts[^1];
        bench.Machine.Run(500);
        TraceDocument trace = Assert.Single(await bench.KeptAsync(1));
        Assert.Equal(TraceTrigger.SlowerThanMedian, trace.Trigger);
        TraceUnit unit = Assert.IsType<TraceUnit>(trace.Unit);
        Assert.Equal((slow.Iteration, slow.Wall.Seconds, 1), (unit.Iteration, unit.Wall, unit.Rank));
        Assert.InRange(unit.Median!.Value, unit.Wall / 20, unit.Wall / 3);
        Assert.Equal(unit.Wall, unit.States.Sum(state => state.Value), tolerance: 1e-12);
        Assert.Equal([KeyValuePair.Create(TraceTrigger.SlowerThanMedian, 1L)], bench.Writer.Captured);
    }

    [Theory]
    [InlineData(200, 1)]
    [InlineData(50, 0)]
    public async Task A_suspension_is_captured_only_where_it_is_longer_than_the_limit(int iterations, int traces)
    {
        using var bench = new Bench(_folder, Bench.NoUnits);
        bench.Machine.Run(10);
        Timestamp from = bench.Machine.Now;
        bench.Timeline.Add(TimelineEvent.SuspensionBegan(from));
        bench.Machine.Run(iterations);
        Timestamp to = bench.Machine.Now;
        bench.Timeline.Add(TimelineEvent.SuspensionEnded(to));
        bench.Machine.Run(500);
        Assert.Equal(traces, to - from > new TraceLimits().LongestPause ? 1 : 0);
        IReadOnlyList<TraceDocument> kept = await bench.KeptAsync(traces);
        Assert.All(kept, trace => Assert.Equal(TraceTrigger.GcPause, trace.Trigger));
        // The picture is of the pause, and the unit is one that it held up, though later ones took as long.
        Assert.All(kept, trace =>
        {
            Assert.Contains(trace.Timeline.Lanes, lane => lane.Name == "GC");
            Assert.InRange(trace.Timeline.Microseconds, (to - from).Nanoseconds / 1e3, double.MaxValue);
            UnitAccount held = bench.Accounts.Single(account => account.Iteration == trace.Unit!.Iteration);
            Assert.True(held.Began <= to && held.Ended >= from);
        });
    }

    [Fact]
    public async Task A_loss_is_captured_and_that_a_stream_has_not_joined_yet_or_pauses_on_purpose_is_none()
    {
        using var bench = new Bench(_folder, Bench.NoUnits);
        bench.Machine.Run(10);
        bench.Timeline.Add(TimelineEvent.LossBegan(bench.Machine.Now, LossScope.Cpu(1), IncompleteReasons.NotJoined));
        bench.Timeline.Add(TimelineEvent.LossEnded(bench.Machine.Now, LossScope.Cpu(1), IncompleteReasons.NotJoined));
        bench.Timeline.Pause(bench.Machine.Now);
        bench.Machine.Run(10);
        bench.Timeline.Resume(bench.Machine.Now);
        bench.Machine.Run(500);
        Assert.Empty(await bench.KeptAsync(0));
        bench.Timeline.Add(TimelineEvent.LossBegan(bench.Machine.Now, LossScope.Cpu(1), IncompleteReasons.RecordsLost));
        bench.Machine.Run(1);
        bench.Timeline.Add(TimelineEvent.LossEnded(bench.Machine.Now, LossScope.Cpu(1), IncompleteReasons.RecordsLost));
        bench.Machine.Run(500);
        TraceDocument trace = Assert.Single(await bench.KeptAsync(1));
        Assert.Equal((TraceTrigger.Loss, "events are missing: records_lost"), (trace.Trigger, trace.Reason));
        Assert.InRange(trace.Losses, 1, int.MaxValue);
    }

    [Fact]
    public async Task While_one_is_awaited_a_second_is_told_so_and_counted()
    {
        using var bench = new Bench(_folder, Bench.NoUnits);
        bench.Machine.Run(10);
        bench.Timeline.Add(TimelineEvent.LossBegan(bench.Machine.Now, LossScope.Cpu(1), IncompleteReasons.RecordsLost));
        bench.Timeline.Add(TimelineEvent.LossEnded(bench.Machine.Now, LossScope.Cpu(1)));
        // Less than a trace waits for after its moment.
        bench.Machine.Run(10);
        Assert.True(bench.Writer.IsBusy);
        Assert.Null(await bench.Recorder.RequestAsync(TraceTrigger.Request, "asked for"));
        Assert.Equal([new(TraceTrigger.Request, 1L)], bench.Recorder.Suppressed);
        bench.Machine.Run(500);
        Assert.Equal(TraceTrigger.Loss, Assert.Single(await bench.KeptAsync(1)).Trigger);

        Task<TraceDocument?> first = bench.Recorder.RequestAsync(TraceTrigger.Request, "asked for");
        Assert.Null(await bench.Recorder.RequestAsync(TraceTrigger.Signal, "asked for too"));
        bench.Machine.Run(1);
        Assert.Equal(TraceTrigger.Request, Assert.IsType<TraceDocument>(await first.WaitAsync(Limit, Cancellation)).Trigger);
        Assert.Equal([TraceTrigger.Request, TraceTrigger.Signal], bench.Recorder.Suppressed.Select(held => held.Key).Order());
    }

    [Fact]
    public async Task Who_waits_for_a_trace_when_the_observation_is_over_is_told_so_and_who_asks_later_at_once()
    {
        using var bench = new Bench(_folder, Bench.NoUnits);
        bench.Machine.Run(10);
        Task<TraceDocument?> asked = bench.Recorder.RequestAsync(TraceTrigger.Request, "asked for");
        Assert.False(asked.IsCompleted);
        bench.Recorder.Close();
        Assert.Null(await asked.WaitAsync(Limit, Cancellation));
        Assert.Null(await bench.Recorder.RequestAsync(TraceTrigger.Request, "asked for").WaitAsync(Limit, Cancellation));
    }

    [Fact]
    public async Task A_disk_that_refuses_costs_the_trace_one_line_and_nothing_else()
    {
        // Where the folder should be is a file, so that it cannot be made whoever runs this.
        string folder = Path.Combine(_folder, "traces");
        await File.WriteAllTextAsync(folder, "", Cancellation);
        using var bench = new Bench(folder, Bench.NoUnits);
        bench.Machine.Run(100);
        Task<TraceDocument?> refused = bench.Recorder.RequestAsync(TraceTrigger.Request, "asked for");
        bench.Machine.Run(1);
        Assert.Null(await refused.WaitAsync(Limit, Cancellation));
        Assert.Equal(1, bench.Writer.Failed);
        string said = Assert.Single(bench.Said);
        Assert.StartsWith("a trace could not be written, the observation goes on: ", said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);

        File.Delete(folder);
        bench.Machine.Run(100);
        Task<TraceDocument?> kept = bench.Recorder.RequestAsync(TraceTrigger.Request, "asked for");
        bench.Machine.Run(1);
        Assert.NotNull(await kept.WaitAsync(Limit, Cancellation));
        Assert.Equal(1, bench.Writer.Failed);
        Assert.Equal(202, bench.Accounts.Count);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A machine, its timeline, and the recorder behind it, all on the thread of the test but for the writer.</summary>
    private sealed class Bench : ITimelineObserver, IDisposable
    {
        /// <summary>Judges no unit, so that what is captured is captured for something else.</summary>
        public static readonly TraceLimits NoUnits = new() { EnoughUnits = int.MaxValue };

        private readonly TraceStore _store;

        public Bench(string folder, TraceLimits limits)
        {
            var statuses = new SourceStatuses();
            statuses.Kernel.Started(Tiers.Kernel, "");
            var configurations = new ConfigurationRegistry();
            for (int index = 0; index < 4; index++) configurations.Declare(Samples.Configuration(index));
            _store = new TraceStore(folder, new TraceRetention(), TimeProvider.System);
            var context = new TraceContext(StoryLine.Target, new ThreadNames(), configurations, Requests: null, statuses);
            Writer = new TraceWriter(context, _store, new NoteRing(), Said.Add);
            Recorder = new TraceRecorder(Writer, new TraceTriggers(limits), new RingLimits());
            Timeline = new Timeline.Timeline(StoryLine.Target, this, consumed: events => Recorder.Consume(events));
            Recorder.Attach(Timeline.Checkpoint);
            Timeline.Join(StreamKind.Runtime, new Timestamp(BusyMachine.Began));
            Timeline.Join(StreamKind.Scheduler, new Timestamp(BusyMachine.Began));
            Machine = new BusyMachine(happened => Timeline.Add(happened), to =>
            {
                Timeline.Advance(StreamKind.Scheduler, to);
                Timeline.Advance(StreamKind.Runtime, to);
                Recorder.Visited();
            });
            Writer.Start();
        }

        public BusyMachine Machine { get; }

        public Timeline.Timeline Timeline { get; }

        public TraceWriter Writer { get; }

        public TraceRecorder Recorder { get; }

        public List<UnitAccount> Accounts { get; } = [];

        public List<string> Said { get; } = [];

        public void IterationClosed(in UnitAccount account)
        {
            Accounts.Add(account);
            Recorder.IterationClosed(Samples.Configuration(account.Configuration), account);
        }

        /// <summary>The traces, once there are so many and none is being written.</summary>
        public async Task<IReadOnlyList<TraceDocument>> KeptAsync(int expected)
        {
            using var limit = new CancellationTokenSource(Limit);
            while (Writer.IsBusy || _store.List().Count < expected) await Task.Delay(10, limit.Token);
            return _store.List();
        }

        public void Dispose() => Writer.Dispose();
    }
}
