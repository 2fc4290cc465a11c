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

    private readonly Timeline.Timeline _timeline;
    private long _now = 5_000_000_000_000;
    private long _iteration;

    /// <param name="ring">Gets what the timeline consumed.</param>
    /// <param name="observer">Gets what it found.</param>
    public BusyMachine(Func<Timeline.Timeline, GenerationRing> ring, ITimelineObserver observer)
    {
        GenerationRing? made = null;
        _timeline = new Timeline.Timeline(StoryLine.Target, observer, consumed: events => made!.Add(events));
        Ring = made = ring(_timeline);
        _timeline.Join(StreamKind.Runtime, new Timestamp(_now));
        _timeline.Join(StreamKind.Scheduler, new Timestamp(_now));
    }

    public GenerationRing Ring { get; }

    public Timestamp Now => new(_now);

    /// <summary>Runs a number of iterations, and lets the timeline consume them.</summary>
    /// <param name="iterations">How many.</param>
    /// <param name="step">Time between two things that happen.</param>
    public void Run(int iterations, int step = 25_000)
    {
        for (int i = 1; i <= iterations; i++)
        {
            Iterate(step);
            if (i % 100 != 0 && i < iterations) continue;
            _timeline.Advance(StreamKind.Scheduler, Now);
            _timeline.Advance(StreamKind.Runtime, Now);
        }
    }

    private void Iterate(int step)
    {
        Switch(0, Stranger, StrangersProcess, Driving, StoryLine.Target, sleeps: true, step);
        Add(TimelineEvent.IterationBegan(Next(step), Driving, ++_iteration, _iteration % 4));
        Switch(0, Driving, StoryLine.Target, Stranger, StrangersProcess, sleeps: false, step);
        Switch(0, Stranger, StrangersProcess, Driving, StoryLine.Target, sleeps: false, step);
        Add(TimelineEvent.Waking(Next(step), 0, Worker, Driving));
        Switch(1, 0, 0, Worker, StoryLine.Target, sleeps: false, step);
        Switch(0, Driving, StoryLine.Target, 0, 0, sleeps: true, step);
        Add(TimelineEvent.Waking(Next(step), 1, Driving, Worker));
        Switch(0, 0, 0, Driving, StoryLine.Target, sleeps: false, step);
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

    private void Add(in TimelineEvent happened) => _timeline.Add(happened);
}

/// <summary>Keeps the accounts, and gives each to a ring.</summary>
internal sealed class KeptAccounts : ITimelineObserver
{
    public List<UnitAccount> All { get; } = [];

    public GenerationRing? Ring { get; set; }

    public void IterationClosed(in UnitAccount account)
    {
        All.Add(account);
        Ring?.Add(account);
    }

    public void RunQueueWaited(Duration wait)
    {
    }

    public void Suspended(Duration suspension)
    {
    }
}
