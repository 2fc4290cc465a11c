using System.Diagnostics;
using Observatory.Timeline;
using Observatory.Timeline.Tests;

namespace Observatory.Recorder.Tests;

/// <summary>A trace small enough to be read: one iteration that loses its CPU to a stranger, sleeps, and meets a suspension.</summary>
public sealed class GoldenTests
{
    private const string Expected = """
        1000 cpu 0 swapper -> sweep (R)
        1000 cpu 1 swapper -> worker (R)
        1000 cpu 1 worker -> swapper (S)
        1200 cpu 0 sweep -> stranger (R+)
        1500 cpu 0 stranger -> sweep (S)
        1600 cpu 0 wakes worker
        1600 worker was blocked: OpenMP worker without work
        1700 cpu 0 sweep -> swapper (S)
        1700 cpu 1 swapper -> worker (R)
        1800 cpu 1 wakes sweep
        1800 sweep was blocked: OpenMP barrier
        1900 cpu 0 swapper -> sweep (R)
        1900 cpu 1 worker -> swapper (S)
        1100-2000 on sweep: unit 3 (blocked_ns 100, gc_ns 50, iteration 7, preempted_ns 300, rank 1, running_ns 350, waking_ns 100)
        1100-2000 on captured unit: captured: unit 3 (blocked_ns 100, gc_ns 50, iteration 7, preempted_ns 300, running_ns 350, waking_ns 100)
        1910-1960 on GC suspensions: runtime suspended
        """;

    private const string ExpectedOfRequest = """
        1000 cpu 0 swapper -> sweep (R)
        1000 cpu 1 swapper -> worker (R)
        1000 cpu 1 worker -> swapper (S)
        1500 cpu 1 wakes worker
        1500 worker was blocked: timer or device
        1600 cpu 1 swapper -> worker (R)
        1200-1300 on sweep: unit 3 (unit 7)
        1600-1800 on worker: unit 3 (unit 7)
        1100-1800 on captured unit: captured: unit 3 (awaiting_ns 200, queued_ns 200, running_ns 300, unit 7)
        1100-1200 on captured unit: queued
        1200-1300 on captured unit: on sweep
        1300-1400 on captured unit: awaiting http
        1400-1500 on captured unit: awaiting
        1500-1600 on captured unit: queued
        1600-1800 on captured unit: on worker
        1100-1800 on requests: unit 3 (awaiting_ns 200, queued_ns 200, rank 1, running_ns 300, unit 7)
        1100-1200 on requests: queued
        1300-1400 on requests: awaiting http
        1400-1500 on requests: awaiting
        1500-1600 on requests: queued
        """;

    /// <summary>A request that one thread begins and another ends, after it has waited for something outside.</summary>
    [Fact]
    public void A_request_that_moves_between_threads_reads_as_it_was()
    {
        var request = new UnitId(UnitKind.Request, 7);
        byte[] file = Write(request,
        [
            TimelineEvent.UnitBegan(new(1100), request, 3), TimelineEvent.SegmentBegan(new(1200), Sweep, request),
            TimelineEvent.UnitAwaits(new(1250), request, AwaitedFor.Http), TimelineEvent.SegmentEnded(new(1300), Sweep, request),
            TimelineEvent.UnitAwaits(new(1400), request, AwaitedFor.Other),
            TimelineEvent.Waking(new(1500), 1, Worker, TimelineEvent.Interrupt), TimelineEvent.UnitReady(new(1500), request),
            TimelineEvent.Preempted(new(1599), 1, 0, 0), TimelineEvent.SwitchIn(new(1600), 1, Worker, StoryLine.Target),
            TimelineEvent.SegmentBegan(new(1600), Worker, request),
            TimelineEvent.SegmentEnded(new(1800), Worker, request), TimelineEvent.UnitEnded(new(1800), request),
        ]);
        Assert.Equal(ExpectedOfRequest, InWords(new PerfettoReader(file)));
    }

    /// <summary>The server tells the end of a request a moment after the thread has stopped working for it.</summary>
    [Fact]
    public void The_moment_between_the_last_segment_and_the_end_belongs_to_the_thread_that_tells_it()
    {
        var request = new UnitId(UnitKind.Request, 7);
        byte[] file = Write(request,
        [
            TimelineEvent.UnitBegan(new(1100), request, 3), TimelineEvent.SegmentBegan(new(1200), Sweep, request),
            TimelineEvent.SegmentEnded(new(1300), Sweep, request), TimelineEvent.UnitEnded(new(1310), request, Sweep),
        ]);
        ReadSlice unit = Assert.Single(new PerfettoReader(file).Slices, slice => slice.Track.Name == "requests" && slice.Arguments.ContainsKey("unit"));
        Assert.Equal("110", unit.Arguments["running_ns"]);
        Assert.DoesNotContain("awaiting_ns", unit.Arguments.Keys);
        Assert.Equal(new Duration(110), new ReadAccounts(new PerfettoReader(file)).AccountOfMoving(unit)[AccountState.Running]);
    }

    [Fact]
    public void One_preempted_iteration_reads_as_it_was() => Assert.Equal(Expected, InWords(new PerfettoReader(Write())));

    private static string InWords(PerfettoReader file)
    {
        string[] names = ["", "sweep", "worker", "stranger"];
        string Name(int thread) => thread == 0 ? "swapper" : names[thread];
        string State(long state) => state switch { 0 => "R", 1 => "S", 0x100 => "R+", _ => $"{state}" };
        IEnumerable<(long At, int Order, string Line)> lines = file.Switches
            .Select(change => (change.At, change.Cpu, $"{change.At} cpu {change.Cpu} {Name(change.Previous)} -> {Name(change.Next)} ({State(change.PreviousState)})"))
            .Concat(file.WakeUps.Select(woken => (woken.At, 2, $"{woken.At} cpu {woken.Cpu} wakes {Name(woken.Thread)}")))
            .Concat(file.BlockedReasons.Select(reason => (reason.At, 3, $"{reason.At} {Name(reason.Thread)} was blocked: {reason.Reason}")));
        IEnumerable<string> slices = file.Slices.Where(slice => !slice.Track.Name.StartsWith("loss", StringComparison.Ordinal))
            .OrderBy(slice => slice.Track.Uuid).ThenBy(slice => slice.From).ThenByDescending(slice => slice.To).Select(slice =>
        {
            string arguments = string.Join(", ", slice.Arguments.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}"));
            string track = slice.Track.Thread > 0 ? Name(slice.Track.Thread) : slice.Track.Name;
            return $"{slice.From}-{slice.To} on {track}: {slice.Name}{(arguments.Length > 0 ? $" ({arguments})" : "")}";
        });
        return string.Join('\n', lines.OrderBy(line => line.At).ThenBy(line => line.Order).Select(line => line.Line).Concat(slices));
    }

    [Fact]
    public void Protoc_decodes_it()
    {
        const string program = "/usr/bin/protoc";
        Assert.SkipUnless(File.Exists(program), "Needs protoc: apt-get install protobuf-compiler.");
        using Process protoc = Process.Start(new ProcessStartInfo(program, ["--decode_raw"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        protoc.StandardInput.BaseStream.Write(Write());
        protoc.StandardInput.Close();
        string decoded = protoc.StandardOutput.ReadToEnd();
        protoc.WaitForExit();
        Assert.Equal(0, protoc.ExitCode);
        // utsname.release in SystemInfo in a packet.
        Assert.Contains("3: \"6.18.0\"", decoded, StringComparison.Ordinal);
        Assert.Contains("runtime suspended", decoded, StringComparison.Ordinal);
    }

    private const int Sweep = 1, Worker = 2, Stranger = 3;

    private static byte[] Write() => Write(new UnitId(UnitKind.Iteration, 7),
    [
        TimelineEvent.IterationBegan(new(1100), Sweep, 7, 3),
        TimelineEvent.Preempted(new(1200), 0, Sweep, StoryLine.Target), TimelineEvent.SwitchIn(new(1201), 0, Stranger, 9),
        TimelineEvent.SwitchOut(new(1499), 0, Stranger, 9), TimelineEvent.SwitchIn(new(1500), 0, Sweep, StoryLine.Target),
        TimelineEvent.Waking(new(1600), 0, Worker, Sweep),
        TimelineEvent.Preempted(new(1699), 1, 0, 0), TimelineEvent.SwitchIn(new(1700), 1, Worker, StoryLine.Target),
        TimelineEvent.SwitchOut(new(1700), 0, Sweep, StoryLine.Target), TimelineEvent.SwitchIn(new(1701), 0, 0, 0),
        TimelineEvent.Waking(new(1800), 1, Sweep, Worker),
        TimelineEvent.SwitchOut(new(1900), 1, Worker, StoryLine.Target), TimelineEvent.SwitchIn(new(1901), 1, 0, 0),
        TimelineEvent.Preempted(new(1899), 0, 0, 0), TimelineEvent.SwitchIn(new(1900), 0, Sweep, StoryLine.Target),
        TimelineEvent.SuspensionBegan(new(1910)), TimelineEvent.SuspensionEnded(new(1960)),
        TimelineEvent.IterationEnded(new(2000), Sweep, 7, 3),
    ]);

    private static byte[] Write(UnitId unit, TimelineEvent[] recorded)
    {
        const int sweep = Sweep, worker = Worker, target = StoryLine.Target;
        var accounts = new KeptAccounts();
        GenerationRing? ring = null;
        var timeline = new Timeline.Timeline(target, accounts, consumed: events => ring!.Add(events));
        accounts.Ring = ring = new GenerationRing(new RingLimits { Age = Duration.FromMilliseconds(1_000) }, timeline.Checkpoint);
        timeline.Join(StreamKind.Runtime, new Timestamp(500));
        timeline.Join(StreamKind.Scheduler, new Timestamp(500));
        TimelineEvent[] before =
        [
            TimelineEvent.SwitchIn(new(600), 1, worker, target), TimelineEvent.SwitchOut(new(700), 1, worker, target), TimelineEvent.SwitchIn(new(700), 1, 0, 0),
            TimelineEvent.ThreadDescribed(new(720), worker, ThreadRole.Worker), TimelineEvent.SwitchIn(new(800), 0, sweep, target),
            // Nothing that matters: the window begins here.
            TimelineEvent.PageFaults(new(1000), 0, sweep, 1, major: false),
        ];
        Feed(timeline, before, until: 1000);
        using (ring.Cut(Timestamp.Never))
        {
        }

        Feed(timeline, recorded, until: 2000);
        using RingCut cut = ring.Cut(new Timestamp(1001));
        using var file = new MemoryStream();
        TraceFacts facts = RecordedWorld.Facts(unit) with
        {
            BootMinusMonotonic = Duration.Zero,
            NameOfThread = thread => new ThreadName(thread < 3 ? target : 9, thread switch { 1 => "sweep", 2 => "worker", _ => "stranger" }, thread < 3 ? "target" : "other"),
        };
        PerfettoFile.Write(file, WindowReplay.Run(cut.Generations, new TimeRange(Timestamp.Zero, Timestamp.Never)), facts);
        return file.ToArray();
    }

    private static void Feed(Timeline.Timeline timeline, TimelineEvent[] events, long until)
    {
        foreach (TimelineEvent happened in events) timeline.Add(happened);
        timeline.Advance(StreamKind.Scheduler, new Timestamp(until));
        timeline.Advance(StreamKind.Runtime, new Timestamp(until));
    }
}
