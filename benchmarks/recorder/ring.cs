// What does an event cost that is put into the ring: while the ring fills for the first time, and once it is full?
// dotnet run -c Release benchmarks/recorder/ring.cs [ROUNDS]
// Switches of a simulated machine, 64 at a time as the timeline hands them on, into a ring of 64 MiB. CPU time of the process, so that
// neighbours on the machine count only as far as they share its caches.
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
const int Some = 64, Events = 4_100_000;
var limits = new RingLimits { Age = Duration.FromMilliseconds(3_600_000) };
Console.WriteLine("filling    full    ns of CPU for an event");
// Round 0 compiles.
for (int round = 0; round <= rounds; round++)
{
    using var timeline = new Source();
    var ring = new GenerationRing(limits, timeline.State);
    double filling = Measure(ring, timeline);
    double full = Measure(ring, timeline);
    if (round > 0) Console.WriteLine($"{filling,7:F1} {full,7:F1}");
}

static double Measure(GenerationRing ring, Source source)
{
    GC.Collect();
    TimeSpan before = Cpu();
    for (int i = 0; i < Events; i += Some) ring.Add(source.Next());
    return (Cpu() - before).TotalNanoseconds / Events;
}

static TimeSpan Cpu()
{
    using Process self = Process.GetCurrentProcess();
    return self.TotalProcessorTime;
}

internal sealed class Source : ITimelineObserver, IDisposable
{
    private readonly EventBatch _some = new();
    private readonly Timeline _timeline;
    private long _now = 1_000_000;

    public Source() => _timeline = new Timeline(1, this);

    public TimelineCheckpoint State() => _timeline.Checkpoint();

    /// <summary>The same switches each time: what is measured is the ring.</summary>
    public EventRun Next()
    {
        if (_some.Count == 0)
        {
            for (int i = 0; i < 64; i++) _some.Add(TimelineEvent.SwitchIn(new Timestamp(_now += 1000), i % 2, 100 + (i % 7), 1));
        }

        return _some.Run;
    }

    public void Dispose() => _timeline.Flush();

    public void IterationClosed(in UnitAccount account)
    {
    }
}
