namespace Observatory.Timeline.Tests;

/// <summary>
/// A small machine on which one thread asks all managed ones to stand still. It makes random but legal moves in steps of some microseconds,
/// writes what the kernel and the runtime would, and remembers which thread stood still last.
/// </summary>
/// <remarks>
/// <code>
/// managed   runs to a safepoint, says that it stands still, goes to sleep, and is woken by the one that asked
/// native    runs on and is not waited for; it may sleep and be woken by others, or come back, which is as a safepoint is
/// the asker looks while it runs, and sleeps in between; once all stand still it says so, works, wakes them and says that they go on
/// any       loses its CPU now and then to another thread or process
/// </code>
/// </remarks>
internal sealed class SimulatedSuspension
{
    private const int Step = 5_000;
    private const int Asker = 10;
    private const int Foreign = 90;
    private const int Runtime = -1;
    private const int NoCpu = -2;
    private readonly Random _random;
    private readonly int[] _cpus;
    private readonly Actor[] _actors;
    private readonly List<(int Cpu, TimelineEvent Event)> _written = [];
    private long _now = Step;

    public SimulatedSuspension(int seed)
    {
        _random = new Random(seed);
        _cpus = new int[_random.Next(2, 5)];
        _actors = [.. Enumerable.Range(0, _random.Next(2, 7)).Select(i => new Actor(Asker + i))];
        int preemption = _random.Next(1, 40);
        for (int i = 0; i < 20; i++) Schedule(preemption);
        while (!Asks.IsRunning) Schedule(preemption);
        foreach (Actor actor in Others) Plan(actor);
        Tell(TimelineEvent.SuspensionBegan(new(_now), Asker));
        while (!All(stopped: true)) Pass(preemption, looks: true);
        Last = Others.Where(actor => actor.StoppedAt is not null && !actor.CameBack).MaxBy(actor => actor.StoppedAt)?.Id;
        for (int i = _random.Next(3); i > 0 || !Asks.IsRunning; i--) Pass(preemption, looks: true);
        Tell(TimelineEvent.SuspensionReached(new(_now)));
        for (int i = _random.Next(1, 200); i > 0 || !Asks.IsRunning; i--) Pass(preemption, looks: false);
        while (Others.FirstOrDefault(actor => actor.SleepsUntilAllGoOn) is { } sleeper)
        {
            if (Asks.IsRunning) Wake(sleeper, Asker);
            Pass(preemption, looks: false);
        }

        while (!Asks.IsRunning) Pass(preemption, looks: false);
        Tell(TimelineEvent.SuspensionEnded(new(_now)));
        for (int i = 0; i < 50; i++) Schedule(preemption);
    }

    /// <summary>The managed thread that was the last to stand still; null where none had to.</summary>
    public int? Last { get; private set; }

    private Actor Asks => _actors[0];

    private IEnumerable<Actor> Others => _actors.Skip(1);

    /// <summary>What a timeline makes of it.</summary>
    /// <param name="loses">Whether a stretch of the ring of a CPU is lost, and told as lost.</param>
    public Suspension Deliver(bool loses)
    {
        var told = new LastSuspension();
        var timeline = new Timeline(StoryLine.Target, told);
        timeline.Join(StreamKind.Runtime, Timestamp.Zero);
        timeline.Join(StreamKind.Scheduler, Timestamp.Zero);
        int lossy = loses ? _random.Next(_cpus.Length) : NoCpu;
        int first = _random.Next(_written.Count), last = first + _random.Next(1, 40);
        bool isInGap = false;
        for (int i = 0; i < _written.Count; i++)
        {
            (int ring, TimelineEvent written) = _written[i];
            if (ring == lossy && i >= first && i <= last)
            {
                isInGap = true;
                continue;
            }

            if (isInGap && ring == lossy)
            {
                timeline.AddLoss(LossScope.Cpu(lossy), written.At);
                isInGap = false;
            }

            timeline.Add(written);
            if (!isInGap) Advance(timeline, new(written.At.Nanoseconds - 1));
        }

        if (isInGap) timeline.AddLoss(LossScope.Cpu(lossy), new(_now));
        Advance(timeline, new(_now));
        timeline.Flush();
        return told.Suspension!.Value;
    }

    private static void Advance(Timeline timeline, Timestamp to)
    {
        timeline.Advance(StreamKind.Scheduler, to);
        timeline.Advance(StreamKind.Runtime, to);
    }

    /// <summary>What a thread is about to do when it is asked to stand still.</summary>
    private void Plan(Actor actor)
    {
        // One that sleeps does so in native code.
        actor.IsManaged = actor.IsRunnable && _random.Next(3) > 0;
        actor.UntilSafe = actor.IsManaged ? _random.Next(_random.Next(2) == 0 ? 10 : 1_000) : _random.Next(3) == 0 ? _random.Next(1_000) : int.MaxValue;
    }

    private bool All(bool stopped) => Others.All(actor => !actor.IsManaged || actor.StoppedAt is not null == stopped);

    private void Pass(int preemption, bool looks)
    {
        Schedule(preemption);
        foreach (Actor actor in Others.Where(actor => actor.IsRunning)) Go(actor);
        // It looks again and again, and sleeps for a moment in between.
        if (looks && Asks.IsRunning && _random.Next(40) == 0) Sleep(Asks);
        else if (!Asks.IsRunnable && _random.Next(10) == 0) Wake(Asks, TimelineEvent.TimerInterrupt);
    }

    private void Go(Actor actor)
    {
        if (actor.StoppedAt is not null)
        {
            // It has said that it stands still, and falls asleep unless it loses its CPU before.
            Sleep(actor);
            actor.SleepsUntilAllGoOn = true;
        }
        else if (--actor.UntilSafe <= 0)
        {
            actor.StoppedAt = _now;
            actor.CameBack = !actor.IsManaged;
        }
        else if (!actor.IsManaged && _random.Next(100) == 0)
        {
            Sleep(actor);
        }
    }

    private void Schedule(int preemption)
    {
        _now += Step + _random.Next(100);
        foreach (Actor actor in _actors.Where(actor => actor.IsRunning && _random.Next(1_000) < preemption)) Leave(actor, TimelineEvent.Preempted, runnable: true);
        foreach (Actor actor in Others.Where(actor => !actor.IsRunnable && !actor.SleepsUntilAllGoOn && _random.Next(100) == 0)) Wake(actor, WakerOf(actor));
        for (int cpu = 0; cpu < _cpus.Length; cpu++)
        {
            if (_cpus[cpu] == Foreign + cpu && _random.Next(30) == 0) Come(cpu, 0, 0);
            if (_cpus[cpu] != 0) continue;
            Actor[] ready = [.. _actors.Where(actor => actor is { IsRunnable: true, IsRunning: false })];
            if (_random.Next(1_000) < preemption) Come(cpu, Foreign + cpu, 2);
            else if (ready.Length > 0) Come(cpu, ready[_random.Next(ready.Length)]);
        }
    }

    private int WakerOf(Actor woken) =>
        _actors.FirstOrDefault(other => other.IsRunning && other != woken && other != Asks) is { } other ? other.Id : TimelineEvent.Interrupt;

    private void Come(int cpu, Actor actor)
    {
        actor.Cpu = cpu;
        Come(cpu, actor.Id, StoryLine.Target);
    }

    private void Come(int cpu, int thread, int process)
    {
        int before = _cpus[cpu];
        if (before is 0 or >= Foreign) Write(cpu, TimelineEvent.Preempted(new(_now), cpu, before, before == 0 ? 0 : 2));
        _cpus[cpu] = thread;
        Write(cpu, TimelineEvent.SwitchIn(new(_now), cpu, thread, process));
    }

    private void Sleep(Actor actor) => Leave(actor, TimelineEvent.SwitchOut, runnable: false);

    private void Leave(Actor actor, Func<Timestamp, int, int, int, TimelineEvent> how, bool runnable)
    {
        int cpu = actor.Cpu;
        Write(cpu, how(new(_now), cpu, actor.Id, StoryLine.Target));
        (actor.Cpu, actor.IsRunnable) = (-1, runnable);
        _cpus[cpu] = actor.Id;
        Come(cpu, 0, 0);
    }

    private void Wake(Actor actor, int waker)
    {
        int cpu = _actors.FirstOrDefault(other => other.Id == waker)?.Cpu ?? _random.Next(_cpus.Length);
        Write(cpu, TimelineEvent.Waking(new(_now), cpu, actor.Id, waker));
        (actor.IsRunnable, actor.SleepsUntilAllGoOn) = (true, false);
        // It has stood still, and goes on.
        if (waker == Asker) (actor.StoppedAt, actor.IsManaged, actor.UntilSafe) = (null, false, int.MaxValue);
    }

    private void Write(int cpu, TimelineEvent written) => _written.Add((cpu, written));

    private void Tell(TimelineEvent told) => _written.Add((Runtime, told));

    /// <summary>A thread of the target.</summary>
    private sealed class Actor(int id)
    {
        public int Id => id;

        public bool IsRunnable { get; set; } = true;

        public int Cpu { get; set; } = -1;

        public bool IsRunning => Cpu >= 0;

        /// <summary>It runs managed code, so it is waited for.</summary>
        public bool IsManaged { get; set; }

        /// <summary>Steps on a CPU until it can stand still.</summary>
        public int UntilSafe { get; set; } = int.MaxValue;

        /// <summary>When it has said that it stands still.</summary>
        public long? StoppedAt { get; set; }

        /// <summary>It came back from native code: it stands still, and nothing had waited for that.</summary>
        public bool CameBack { get; set; }

        public bool SleepsUntilAllGoOn { get; set; }
    }

    private sealed class LastSuspension : ITimelineObserver
    {
        public Suspension? Suspension { get; private set; }

        public void Suspended(in Suspension suspension) => Suspension = suspension;
    }
}
