using System.Diagnostics;
using Observatory.Contract;
using Observatory.Recorder;
using Observatory.Recorder.Tests;
using Observatory.Timeline;
using Observatory.Timeline.Tests;

namespace Observatory.Collector.Tests;

/// <summary>The pipeline of an observation, from the inboxes to the file of a trace, with a machine in front of it that never rests.</summary>
public sealed class FullRingTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly string _folder = Directory.CreateTempSubdirectory("observatory-full-ring-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_capture_of_a_full_ring_at_ten_times_the_usual_rate_loses_no_event_and_leaves_every_account_complete()
    {
        var statuses = new SourceStatuses();
        statuses.Kernel.Started(Tiers.Kernel, "");
        var configurations = new ConfigurationRegistry();
        for (int index = 0; index < 4; index++) configurations.Declare(Samples.Configuration(index));
        var store = new TraceStore(_folder, new TraceRetention(), TimeProvider.System);
        List<string> said = [];
        using var writer = new TraceWriter(new TraceContext(StoryLine.Target, new ThreadNames(), configurations, Requests: null, statuses), store, new NoteRing(), said.Add);
        var recorder = new TraceRecorder(writer, triggers: null, new RingLimits { Age = Duration.FromMilliseconds(3_600_000) });
        var accounts = new Kept();
        var reports = new ThreadReports(new CounterReadings(), new CounterGroups(null, said.Add));
        // Small, so that neither stream gets ahead of the other by more than the timeline waits for.
        Inbox runtime = new(StreamKind.Runtime, capacity: 100_000), kernel = new(StreamKind.Scheduler, capacity: 100_000);
        using var pipeline = new FindingsPipeline(
            StoryLine.Target, [runtime, kernel], reports, statuses.Kernel, configurations, [accounts], said.Add, seesWholeMachine: true, recorder);
        var sources = new Sources(runtime, kernel);
        var machine = new BusyMachine(sources.Add, sources.AreCompleteTo);
        writer.Start();
        pipeline.Start();
        int iterations = 0;
        long begun = Stopwatch.GetTimestamp();
        while (recorder.Bytes < 60 << 20) Run(100, step: 25_000);

        Task<TraceDocument?> asked = recorder.RequestAsync(TraceTrigger.Request, "asked for");
        while (!writer.IsBusy) Run(100, step: 2_500);
        long closedBefore = accounts.Count;
        while (!asked.IsCompleted) Run(100, step: 2_500);
        long closedMeanwhile = accounts.Count - closedBefore;
        Run(1_000, step: 2_500);
        pipeline.Finish();

        TraceDocument trace = Assert.IsType<TraceDocument>(await asked);
        Assert.Null(pipeline.Failure);
        // The pump went on while the file was written.
        Assert.True(closedMeanwhile > 0, "no account was closed while the trace was written");
        Assert.Equal(iterations, accounts.Count);
        Assert.Equal(IncompleteReasons.None, accounts.Why);
        Assert.Equal(0, accounts.Incomplete);
        TimelineCounts counts = pipeline.Counts;
        Assert.Equal(0, counts.ChainBreaks + counts.Contradictions + counts.LateRuntimeEvents + counts.LateSchedulerEvents + counts.UnseenWakeUps);
        // What was asked for is as much of the ring as a file holds, and that is there unbroken.
        Assert.InRange(trace.SchedulerEvents, 600_000, long.MaxValue);
        var file = new PerfettoReader(await File.ReadAllBytesAsync(Path.Combine(_folder, $"{trace.Id}.pftrace"), TestContext.Current.CancellationToken));
        Assert.Equal(0, file.Mismatches + file.BundlesAfterLoss);
        Assert.Equal(trace.SchedulerEvents, file.Switches.Count + file.WakeUps.Count);
        Assert.Equal(0, trace.Losses);

        void Run(int more, int step)
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < Limit, "the capture did not end");
            machine.Run(more, step);
            iterations += more;
        }
    }

    /// <summary>Puts each event into the inbox of its stream, as the sources do; a full one makes it wait.</summary>
    private sealed class Sources
    {
        private readonly Inbox _runtime;
        private readonly Inbox _kernel;
        private readonly List<TimelineEvent> _ofRuntime = [];
        private readonly List<TimelineEvent> _ofKernel = [];

        public Sources(Inbox runtime, Inbox kernel)
        {
            (_runtime, _kernel) = (runtime, kernel);
            foreach (Inbox inbox in (Inbox[])[runtime, kernel]) inbox.Join(new Timestamp(BusyMachine.Began));
        }

        public void Add(TimelineEvent happened) => (happened.IsOfRing ? _ofKernel : _ofRuntime).Add(happened);

        public void AreCompleteTo(Timestamp to)
        {
            _kernel.Post(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_ofKernel), to);
            _runtime.Post(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_ofRuntime), to);
            _ofKernel.Clear();
            _ofRuntime.Clear();
        }
    }

    private sealed class Kept : IFindingsSink
    {
        private long _count;
        private long _incomplete;

        public IncompleteReasons Why { get; private set; }

        public long Count => Interlocked.Read(ref _count);

        public long Incomplete => Interlocked.Read(ref _incomplete);

        public void IterationClosed(WorkloadConfiguration configuration, in UnitAccount account)
        {
            Interlocked.Increment(ref _count);
            // Before its thread was seen for the first time nothing is known of it.
            if (account.IsComplete || account.Iteration == 1) return;
            Interlocked.Increment(ref _incomplete);
            Why |= account.Reasons;
        }
    }
}
