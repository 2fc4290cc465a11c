// How long does a trace of a full ring take: the cut, for which the pump waits, then replay and file, for which nothing waits?
// dotnet run -c Release benchmarks/recorder/write.cs [ROUNDS]
// A simulated machine of two CPUs with 21,000 switches a second fills the ring (64 MiB); the file goes to memory.
#:project ../../src/Recorder/Recorder.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
#:property MayReference=Timeline;Recorder
#:property UseArtifactsOutput=false
#:property NoWarn=RS0030

using System.Diagnostics;
using System.Globalization;
using Observatory.Recorder;
using Observatory.Timeline;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
int rounds = args.Length > 0 ? int.Parse(args[0]) : 5;
var machine = new Machine();
while (machine.Ring.Bytes < 63 << 20) machine.Iterate();

Console.WriteLine("      ring  reaches back      cut   replay     file     together   size   bytes/event");
// Round 0 compiles.
for (int round = 0; round <= rounds; round++)
{
    machine.Iterate();
    long begun = Stopwatch.GetTimestamp();
    using RingCut cut = machine.Ring.Cut(Timestamp.Zero);
    TimeSpan cutting = Stopwatch.GetElapsedTime(begun);
    begun = Stopwatch.GetTimestamp();
    RecordedWindow window = WindowReplay.Run(cut.Generations, new TimeRange(machine.Now - Duration.FromMilliseconds(20), machine.Now));
    TimeSpan replaying = Stopwatch.GetElapsedTime(begun);
    begun = Stopwatch.GetTimestamp();
    using var file = new MemoryStream((int)PerfettoFile.MostBytes);
    PerfettoSize size = PerfettoFile.Write(file, window, new TraceFacts
    {
        KernelRelease = "6.18.0", Machine = "x86_64",
        NameOfThread = thread => new ThreadName(thread < 900 ? Machine.Target : 800, $"thread {thread}", thread < 900 ? "target" : "other"),
        NameOfUnit = (_, _) => "linear [8, 512, 128]",
    });
    TimeSpan writing = Stopwatch.GetElapsedTime(begun);
    TimeSpan together = cutting + replaying + writing;
    if (round == 0) continue;
    Console.WriteLine(
        $"{machine.Ring.Bytes / 1048576.0,6:F1} MiB {(window.To - window.From).Seconds,10:F1} s {cutting.TotalMilliseconds,8:F2} ms {replaying.TotalMilliseconds,5:F0} ms "
        + $"{writing.TotalMilliseconds,5:F0} ms {together.TotalMilliseconds,9:F0} ms {size.Bytes / 1e6,6:F1} MB {size.Bytes / (double)size.SchedulerEvents,8:F2}");
}

/// <summary>A machine whose target iterates, loses its CPU and sleeps, while other processes come and go: 14 switches and 6 wake-ups an iteration.</summary>
internal sealed class Machine : ITimelineObserver
{
    public const int Target = 1;
    private const int Driving = 100, Worker = 101, Stranger = 900, Other = 901, Strangers = 800, Step = 25_000;

    private readonly Timeline _timeline;
    private long _now = 5_000_000_000_000;
    private long _iteration;

    public Machine()
    {
        GenerationRing? ring = null;
        _timeline = new Timeline(Target, this, consumed: events => ring!.Add(events));
        Ring = ring = new GenerationRing(new RingLimits { Age = Duration.FromMilliseconds(3_600_000) }, _timeline.Checkpoint);
        _timeline.Join(StreamKind.Runtime, Now);
        _timeline.Join(StreamKind.Scheduler, Now);
    }

    public GenerationRing Ring { get; }

    public Timestamp Now => new(_now);

    public void IterationClosed(in UnitAccount account) => Ring.Add(account);

    public void Iterate()
    {
        Switch(0, Stranger, Strangers, Driving, Target, sleeps: true);
        _timeline.Add(TimelineEvent.IterationBegan(Next(), Driving, ++_iteration, 0));
        Switch(0, Driving, Target, Stranger, Strangers, sleeps: false);
        Switch(0, Stranger, Strangers, Driving, Target, sleeps: false);
        _timeline.Add(TimelineEvent.Waking(Next(), 0, Worker, Driving));
        Switch(1, 0, 0, Worker, Target, sleeps: false);
        Switch(0, Driving, Target, 0, 0, sleeps: true);
        _timeline.Add(TimelineEvent.Waking(Next(), 1, Driving, Worker));
        Switch(0, 0, 0, Driving, Target, sleeps: false);
        Switch(1, Worker, Target, 0, 0, sleeps: true);
        _timeline.Add(TimelineEvent.IterationEnded(Next(), Driving, _iteration, 0));
        for (int other = 0; other < 3; other++)
        {
            _timeline.Add(TimelineEvent.Waking(Next(), 0, Other, TimelineEvent.Interrupt));
            Switch(1, 0, 0, Other, Strangers, sleeps: false);
            Switch(1, Other, Strangers, 0, 0, sleeps: true);
        }

        _timeline.Add(TimelineEvent.Waking(Next(), 0, Stranger, TimelineEvent.Interrupt));
        Switch(0, Driving, Target, Stranger, Strangers, sleeps: false);
        if (_iteration % 100 != 0) return;
        _timeline.Advance(StreamKind.Scheduler, Now);
        _timeline.Advance(StreamKind.Runtime, Now);
    }

    private void Switch(int cpu, int from, int fromProcess, int to, int toProcess, bool sleeps)
    {
        Timestamp at = Next();
        _timeline.Add(sleeps ? TimelineEvent.SwitchOut(at, cpu, from, fromProcess) : TimelineEvent.Preempted(at, cpu, from, fromProcess));
        _timeline.Add(TimelineEvent.SwitchIn(at + new Duration(700), cpu, to, toProcess));
    }

    private Timestamp Next() => new(_now += Step + (_now % 977));
}
