using Observatory.Timeline;
using Observatory.Timeline.Tests;

namespace Observatory.Recorder.Tests;

/// <summary>
/// A machine of two CPUs under load, with the gaps of a real clock: the target's driving thread is preempted by a
/// stranger, sleeps for its worker and iterates, while another stranger comes and goes: 14 switches and 6 wake-ups an
/// iteration, as on a machine with 1,500 iterations and 21,000 switches a second. The same events every time.
/// </summary>
internal sealed class BusyMachine
{
    public const int Driving = 100, Worker = 101, Stranger = 900, OtherStranger = 901, StrangersProcess = 800;

    private readonly Action<TimelineEvent> _add;
    private readonly Action<Timestamp> _isCompleteTo;
    private readonly bool _serves;
    private long _now = Began;
    private long _iteration;

    /// <param name="add">Gets each event.</param>
    /// <param name="isCompleteTo">Told from time to time that every event up to an instant has come.</param>
    /// <param name="serves">True for a worker that serves a request in each iteration: a unit that begins elsewhere.</param>
    public BusyMachine(Action<TimelineEvent> add, Action<Timestamp> isCompleteTo, bool serves = false) =>
        (_add, _isCompleteTo, _serves) = (add, isCompleteTo, serves);

    /// <summary>Its clock before the first event.</summary>
    public const long Began = 5_000_000_000_000;

    /// <summary>The ring that it fills, of a machine with a timeline of its own.</summary>
    public GenerationRing Ring { get; private init; } = null!;

    public Timestamp Now => new(_now);

    /// <summary>One whose events go through a timeline into a ring.</summary>
    /// <param name="limits">How much the ring keeps.</param>
    /// <param name="accounts">Gets what the timeline found.</param>
    /// <param name="serves">As above.</param>
    public static BusyMachine WithRing(RingLimits limits, KeptAccounts accounts, bool serves = false)
    {
        GenerationRing? ring = null;
        var timeline = new Timeline.Timeline(StoryLine.Target, accounts, consumed: events => ring!.Add(events));
        accounts.Ring = ring = new GenerationRing(limits, timeline.Checkpoint);
        timeline.Join(StreamKind.Runtime, new Timestamp(Began));
        timeline.Join(StreamKind.Scheduler, new Timestamp(Began));
        return new BusyMachine(happened => timeline.Add(happened), to =>
        {
            timeline.Advance(StreamKind.Scheduler, to);
            timeline.Advance(StreamKind.Runtime, to);
        }, serves)
        {
            Ring = ring,
        };
    }

    /// <summary>Runs a number of iterations.</summary>
    /// <param name="iterations">How many.</param>
    /// <param name="step">Time between two things that happen; 25 us is the usual rate.</param>
    public void Run(int iterations, int step = 25_000)
    {
        for (int i = 1; i <= iterations; i++)
        {
            Iterate(step);
            if (i % 100 == 0 || i == iterations) _isCompleteTo(Now);
        }
    }

    private void Iterate(int step)
    {
        Switch(0, Stranger, StrangersProcess, Driving, StoryLine.Target, sleeps: true, step);
        Add(TimelineEvent.IterationBegan(Next(step), Driving, ++_iteration, _iteration % 4));
        Switch(0, Driving, StoryLine.Target, Stranger, StrangersProcess, sleeps: false, step);
        Switch(0, Stranger, StrangersProcess, Driving, StoryLine.Target, sleeps: false, step);
        var request = new UnitId(UnitKind.Request, _iteration);
        if (_serves) Add(TimelineEvent.UnitBegan(Next(step), request, 9));
        Add(TimelineEvent.Waking(Next(step), 0, Worker, Driving));
        Switch(1, 0, 0, Worker, StoryLine.Target, sleeps: false, step);
        if (_serves) Add(TimelineEvent.SegmentBegan(Next(step), Worker, request));
        Switch(0, Driving, StoryLine.Target, 0, 0, sleeps: true, step);
        Add(TimelineEvent.Waking(Next(step), 1, Driving, Worker));
        Switch(0, 0, 0, Driving, StoryLine.Target, sleeps: false, step);
        if (_serves)
        {
            Add(TimelineEvent.SegmentEnded(Next(step), Worker, request));
            Add(TimelineEvent.UnitEnded(Next(step), request));
        }

        Switch(1, Worker, StoryLine.Target, 0, 0, sleeps: true, step);
        Add(TimelineEvent.PageFaults(Next(step), 0, Driving, 3, major: false));
        Add(TimelineEvent.IterationEnded(Next(step), Driving, _iteration, _iteration % 4));
        for (int other = 0; other < 3; other++)
        {
            Add(TimelineEvent.Waking(Next(step), 0, OtherStranger, TimelineEvent.Interrupt));
            Switch(1, 0, 0, OtherStranger, StrangersProcess, sleeps: false, step);
            Switch(1, OtherStranger, StrangersProcess, 0, 0, sleeps: true, step);
        }

        Add(TimelineEvent.Waking(Next(step), 0, Stranger, TimelineEvent.Interrupt));
        Switch(0, Driving, StoryLine.Target, Stranger, StrangersProcess, sleeps: false, step);
    }

    private void Switch(int cpu, int from, int fromProcess, int to, int toProcess, bool sleeps, int step)
    {
        Timestamp at = Next(step);
        Add(sleeps ? TimelineEvent.SwitchOut(at, cpu, from, fromProcess) : TimelineEvent.Preempted(at, cpu, from, fromProcess));
        Add(TimelineEvent.SwitchIn(at + new Duration(700), cpu, to, toProcess));
    }

    private Timestamp Next(int step) => new(_now += step + (_now % 977));

    private void Add(in TimelineEvent happened) => _add(happened);
}

/// <summary>Keeps the accounts, and gives each to a ring.</summary>
internal sealed class KeptAccounts : ITimelineObserver
{
    public List<UnitAccount> All { get; } = [];

    public List<UnitAccount> Requests { get; } = [];

    public GenerationRing? Ring { get; set; }

    public void IterationClosed(in UnitAccount account)
    {
        All.Add(account);
        Ring?.Add(account);
    }

    public void UnitClosed(in UnitAccount account)
    {
        Requests.Add(account);
        Ring?.Add(account);
    }
}
