// What the timeline takes for an event: switches of others, switches of the target with 2 to 512 units of work open, units.
// dotnet run -c Release benchmarks/timeline/cost.cs [rounds]
// To compare with another revision: benchmarks/timeline/run.sh REVISION
#:project ../../src/Timeline/Timeline.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
#:property MayReference=Timeline
#:property UseArtifactsOutput=false
#:property NoWarn=RS0030

using System.Diagnostics;
using Observatory.Timeline;

int rounds = args.Length > 0 ? int.Parse(args[0]) : 5;
(string What, Action<Machine> Prepare, Action<Machine> Step)[] scenarios =
[
    ("foreign switch", machine => machine.Threads(2), machine => machine.Foreign()),
    ("unit", machine => machine.Threads(2), machine => machine.Unit()),
    ("own switch, 2 units open", machine => machine.Threads(2), machine => machine.Own()),
    ("own switch, 16 units open", machine => machine.Threads(16), machine => machine.Own()),
    ("own switch, 128 units open", machine => machine.Threads(128), machine => machine.Own()),
    ("own switch, 512 units open", machine => machine.Threads(512), machine => machine.Own()),
    // A unit waits for a thread that waits for another one, eight times; and the same switches with no unit that waits. An eighth of
    // their difference is what following a wake-up takes.
    ("8 wake-ups, none followed", machine => machine.Idle(9), machine => machine.Chain(isWaitedFor: false)),
    ("8 wake-ups, all followed", machine => machine.Idle(9), machine => machine.Chain(isWaitedFor: true)),
];

// Round 0 compiles.
for (int round = 0; round <= rounds; round++)
{
    List<(double Nanoseconds, double Bytes)> took = [];
    foreach ((string what, Action<Machine> prepare, Action<Machine> step) in scenarios)
    {
        var machine = new Machine();
        prepare(machine);
        (double nanoseconds, double bytes) = Measure(machine, step);
        took.Add((nanoseconds, bytes));
        if (round > 0) Print(what, nanoseconds, bytes);
    }

    if (round > 0) Print("a wake-up followed", (took[^1].Nanoseconds - took[^2].Nanoseconds) / 8, (took[^1].Bytes - took[^2].Bytes) / 8);
}

static void Print(string what, double nanoseconds, double bytes) => Console.WriteLine($"{what,-28} {nanoseconds,9:F0} ns {bytes,8:F0} B");

static (double Nanoseconds, double Bytes) Measure(Machine machine, Action<Machine> step)
{
    const int chunk = 1_000;
    for (int i = 0; i < 20 * chunk; i++) step(machine);
    long steps = 0, allocated = GC.GetAllocatedBytesForCurrentThread();
    // The fastest of many chunks: the others were disturbed by whatever else runs on the machine.
    TimeSpan fastest = TimeSpan.MaxValue;
    for (long begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMilliseconds(200); steps += chunk)
    {
        long chunkBegun = Stopwatch.GetTimestamp();
        for (int i = 0; i < chunk; i++) step(machine);
        TimeSpan took = Stopwatch.GetElapsedTime(chunkBegun);
        if (took < fastest) fastest = took;
    }

    return (fastest.TotalNanoseconds / chunk, (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / steps);
}

/// <summary>A machine with two CPUs, and a target whose threads all have a unit of work open and sleep.</summary>
internal sealed class Machine : ITimelineObserver
{
    private const int Target = 1;
    private const int Batch = 500;
    private readonly Timeline _timeline;
    private long _now;
    private long _units;
    private int _threads;
    private int _next;
    private int _steps;

    public Machine()
    {
        _timeline = new Timeline(Target, this);
        _timeline.Join(StreamKind.Runtime, Timestamp.Zero);
        _timeline.Join(StreamKind.Scheduler, Timestamp.Zero);
        Add(TimelineEvent.SwitchIn(Now(), 0, 0, 0));
        Add(TimelineEvent.SwitchIn(Now(), 1, 0, 0));
    }

    public void Threads(int number)
    {
        _threads = number;
        for (int thread = 0; thread < number; thread++)
        {
            In(Id(thread));
            Add(TimelineEvent.IterationBegan(Now(), Id(thread), ++_units, 0));
            Out(Id(thread));
        }
    }

    /// <summary>A thread of another process comes to a CPU and leaves it.</summary>
    public void Foreign()
    {
        Add(TimelineEvent.SwitchOut(Now(), 1, 0, 0));
        Add(TimelineEvent.SwitchIn(Now(), 1, 9_000, 9_000));
        Add(TimelineEvent.SwitchOut(Now(), 1, 9_000, 9_000));
        Add(TimelineEvent.SwitchIn(Now(), 1, 0, 0));
        Advance();
    }

    /// <summary>A thread of the target is woken, comes, and sleeps again.</summary>
    public void Own()
    {
        int thread = Id(_next = (_next + 1) % _threads);
        Add(TimelineEvent.Waking(Now(), 1, thread, Id((_next + 1) % _threads)));
        In(thread);
        Out(thread);
        Advance();
    }

    /// <summary>Threads that sleep and have no unit open.</summary>
    public void Idle(int number)
    {
        _threads = number;
        for (int thread = 0; thread < number; thread++)
        {
            In(Id(thread));
            Out(Id(thread));
        }
    }

    /// <summary>Each thread sleeps until the next one wakes it; a timer wakes them for the next round.</summary>
    public void Chain(bool isWaitedFor)
    {
        WakeBy(TimelineEvent.Interrupt, 0);
        In(Id(0));
        if (isWaitedFor) Begin();
        Out(Id(0));
        for (int thread = 1; thread < _threads; thread++)
        {
            WakeBy(TimelineEvent.Interrupt, thread);
            In(Id(thread));
            if (thread < _threads - 1) Out(Id(thread));
        }

        for (int thread = _threads - 2; thread >= 0; thread--)
        {
            WakeBy(Id(thread + 1), thread);
            Out(Id(thread + 1));
            In(Id(thread));
        }

        if (!isWaitedFor) Begin();
        Add(TimelineEvent.IterationEnded(Now(), Id(0), _units, 0));
        Out(Id(0));
        Advance();

        void Begin() => Add(TimelineEvent.IterationBegan(Now(), Id(0), ++_units, 0));
        void WakeBy(int waker, int thread) => Add(TimelineEvent.Waking(Now(), 1, Id(thread), waker));
    }

    /// <summary>A running thread does a whole unit.</summary>
    public void Unit()
    {
        if (_units <= _threads)
        {
            In(Id(0));
            _units += _threads;
        }

        Add(TimelineEvent.IterationBegan(Now(), Id(0), ++_units, 0));
        Add(TimelineEvent.IterationEnded(Now(), Id(0), _units, 0));
        Advance();
    }

    private static int Id(int thread) => 100 + thread;

    private void In(int thread)
    {
        Add(TimelineEvent.SwitchOut(Now(), 0, 0, 0));
        Add(TimelineEvent.SwitchIn(Now(), 0, thread, Target));
    }

    private void Out(int thread)
    {
        Add(TimelineEvent.SwitchOut(Now(), 0, thread, Target));
        Add(TimelineEvent.SwitchIn(Now(), 0, 0, 0));
    }

    private void Advance()
    {
        if (++_steps % Batch != 0) return;
        _timeline.Advance(StreamKind.Runtime, new Timestamp(_now));
        _timeline.Advance(StreamKind.Scheduler, new Timestamp(_now));
    }

    private Timestamp Now() => new(_now += 1_000);

    private void Add(in TimelineEvent happened) => _timeline.Add(happened);
}
