namespace Observatory.Timeline.Tests;

/// <summary>
/// Hours of a busy machine, a round each 50 ms: iterations, threads that come and go under ids that are used again,
/// page faults, suspensions, wake-ups of every kind, losses. Watches how much the timeline holds meanwhile.
/// </summary>
/// <param name="perThread">True where each thread has a ring of its own, instead of each CPU.</param>
internal sealed class LongRun(bool perThread) : ITimelineObserver
{
    private const int Driver = 7;
    private const int Worker = 8;
    private const int Cpus = 2;
    private const long Round = 50_000_000;
    private readonly Random _random = new(1);
    private Timeline? _timeline;
    private long _now;
    private int _churned = 100;

    /// <summary>The most it held at the end of a round.</summary>
    public TimelineFootprint Most { get; private set; }

    public long Closed { get; private set; }

    public void IterationClosed(in UnitAccount account) => Closed++;

    /// <summary>Lives on for some hours.</summary>
    public LongRun Live(int hours)
    {
        _timeline = new Timeline(StoryLine.Target, this);
        Each(stream => _timeline.Join(stream, Timestamp.Zero));
        In(0, Worker);
        for (int round = 0; round < hours * 3600L * 1_000_000_000 / Round; round++)
        {
            Live();
            Each(stream => _timeline.Advance(stream, new Timestamp(_now)));
            Most = TimelineFootprint.Larger(Most, _timeline.Footprint);
        }

        return this;
    }

    private void Live()
    {
        long end = _now + Round;
        In(1, Driver);
        Tell(TimelineEvent.IterationBegan(Next(), Driver, Closed, 0));
        Sleep();
        Churn();
        if (_random.Next(10) == 0) Suspend();
        if (_random.Next(20) == 0) Lose();
        Tell(TimelineEvent.PageFaults(Next(), LossScope.Thread(Driver).Value, Driver, 3, major: false));
        // Some never end, as if the thread had thrown.
        if (_random.Next(50) > 0) Tell(TimelineEvent.IterationEnded(Next(), Driver, Closed, 0));
        Out(1, Driver);
        Foreigners();
        _now = end;
    }

    /// <summary>Wakes the driving thread: from a thread of the target, another process, a timer, or by a wake-up that is not seen.</summary>
    private void Sleep()
    {
        Out(1, Driver);
        int waker = _random.Next(4) switch { 0 => Worker, 1 => 5000 + _random.Next(100_000), 2 => TimelineEvent.Interrupt, _ => 0 };
        if (waker != 0 || perThread) Tell(TimelineEvent.Waking(Next(), Ring(0, Driver), Driver, waker));
        In(1, Driver);
    }

    /// <summary>A thread lives for an instant; its exit may be nameless, or seen only when another process has its id.</summary>
    private void Churn()
    {
        int thread = _churned = 100 + ((_churned + 1) % 30_000);
        Out(0, Worker);
        In(0, thread);
        Tell(TimelineEvent.ThreadDescribed(Next(), thread, ThreadRole.Worker));
        Tell(TimelineEvent.PageFaults(Next(), LossScope.Thread(thread).Value, thread, 1, major: false));
        int id = !perThread && _random.Next(2) == 0 ? TimelineEvent.ExitingThread : thread;
        Tell(TimelineEvent.Exited(Next(), Ring(0, thread), id, StoryLine.Target));
        Tell(TimelineEvent.Waking(Next(), Ring(1, Worker), Worker, Driver));
        In(0, Worker);
    }

    private void Suspend()
    {
        Tell(TimelineEvent.SuspensionBegan(Next()));
        Tell(TimelineEvent.SuspensionEnded(Next()));
    }

    private void Lose()
    {
        LossScope[] scopes = [LossScope.Runtime, LossScope.Scheduler, new LossScope(Ring(0, Worker))];
        _timeline!.AddLoss(scopes[_random.Next(scopes.Length)], Next());
    }

    /// <summary>Switches of others, which only a machine's rings have.</summary>
    private void Foreigners()
    {
        for (int i = 0; i < 20 && !perThread; i++)
        {
            int stranger = 5000 + _random.Next(100_000);
            Tell(TimelineEvent.SwitchIn(Next(), 1, stranger, stranger));
            Tell(TimelineEvent.SwitchOut(Next(), 1, stranger, stranger));
        }
    }

    private void In(int cpu, int thread) => Tell(TimelineEvent.SwitchIn(Next(), Ring(cpu, thread), thread, StoryLine.Target));

    private void Out(int cpu, int thread) => Tell(TimelineEvent.SwitchOut(Next(), Ring(cpu, thread), thread, StoryLine.Target));

    private int Ring(int cpu, int thread) => perThread ? LossScope.Thread(thread).Value : cpu % Cpus;

    private Timestamp Next() => new(_now += 1_000);

    private void Tell(TimelineEvent happened) => _timeline!.Add(happened);

    private static void Each(Action<StreamKind> step)
    {
        step(StreamKind.Runtime);
        step(StreamKind.Scheduler);
    }
}
