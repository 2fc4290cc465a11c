namespace Observatory.Timeline.Tests;

/// <summary>
/// A small machine that makes random but legal moves. It writes what the kernel and the runtime would, and remembers
/// what was true at each nanosecond.
/// </summary>
internal sealed class SimulatedWorld
{
    private readonly Random _random;
    private readonly Random? _operations;
    private readonly SimulatedThread[] _threads;
    private readonly List<bool> _suspended = [];
    private readonly List<int[]> _holders = [];
    private readonly List<SimulatedRequest> _requests = [];
    private bool _suspendedNow;
    private long _now;
    private long _iterations;

    /// <param name="cpus">How many.</param>
    /// <param name="moves">How many.</param>
    /// <param name="seed">Decides about all moves.</param>
    /// <param name="hasOperations">Requests tell what they wait for.</param>
    public SimulatedWorld(int cpus, int moves, int seed, bool hasOperations = false)
    {
        _random = new Random(seed);
        _operations = hasOperations ? new Random(seed) : null;
        Cpus = [.. Enumerable.Range(0, cpus).Select(_ => new List<Written>())];
        _threads = [.. Enumerable.Range(0, 7).Select(i => new SimulatedThread(10 + i, i < 5 ? StoryLine.Target : 2, i < 2))];
        Faults = [.. _threads.Select(_ => new List<Written>())];
        for (int cpu = 0; cpu < cpus; cpu++) Idle(cpu);
        for (int i = 0; i < moves; i++) Move();
        Pass(1);
    }

    /// <summary>What each CPU's ring was written.</summary>
    public List<Written>[] Cpus { get; }

    /// <summary>What the rings of the threads were written: page faults.</summary>
    public List<Written>[] Faults { get; }

    /// <summary>What the runtime wrote.</summary>
    public List<Written> Runtime { get; } = [];

    /// <summary>How long threads of the target waited for a CPU, each time they got one.</summary>
    public List<Duration> Waits { get; } = [];

    /// <summary>How long each thread (0 for the idle one) held a CPU a thread of the target waited for, in nanoseconds.</summary>
    public Dictionary<int, long> Held { get; } = [];

    /// <summary>Every sleep that was ended.</summary>
    public List<SimulatedSleep> Sleeps { get; } = [];

    /// <summary>After everything.</summary>
    public Timestamp End => new(_now);

    /// <summary>Threads of the target that live at the end.</summary>
    public int ThreadsAlive => _threads.Count(thread => thread.IsOfTarget && thread.State != ThreadState.Unknown);

    /// <summary>What an account must say.</summary>
    public StateTimes TruthOf(in UnitAccount account) => TimesOf(account.Thread, account.Began, account.Ended);

    /// <summary>What the account of a request must say.</summary>
    public StateTimes TruthOf(UnitId request) => _requests[(int)request.Number - 1].Times;

    /// <summary>What the threads that worked on a request did.</summary>
    public StateTimes WorkOf(UnitId request) => _requests[(int)request.Number - 1].Work;

    /// <summary>What a request waited for while no thread worked on it.</summary>
    public AwaitedTimes AwaitedBy(UnitId request) => _requests[(int)request.Number - 1].Awaited;

    /// <summary>The time of a request by the operation that was under way, whatever threads did.</summary>
    public AwaitedTimes UnderWay(UnitId request) => _requests[(int)request.Number - 1].UnderWay;

    /// <summary>What a thread did in a stretch of time; only of the time in which anybody has its id.</summary>
    public StateTimes TimesOf(int thread, Timestamp from, Timestamp to)
    {
        List<ThreadState> truth = _threads.First(With(thread)).Truth;
        var times = default(StateTimes);
        for (int at = (int)from.Nanoseconds; at < to.Nanoseconds; at++)
        {
            if (truth[at] != ThreadState.Unknown) times[_suspended[at] ? AccountState.Gc : Charged(truth[at])] += new Duration(1);
        }

        return times;
    }

    /// <summary>The ids of the target's threads.</summary>
    public IEnumerable<int> TargetThreads => _threads.Where(thread => thread.IsOfTarget).Select(thread => thread.Id);

    public bool IsSuspended(long at) => _suspended[(int)at];

    public bool IsOfTarget(int thread) => _threads.FirstOrDefault(With(thread)) is { IsOfTarget: true };

    public ThreadState StateOf(int thread, long at) =>
        at < 0 ? ThreadState.Unknown : _threads.First(With(thread)).Truth[(int)at];

    /// <summary>True when one thread had an id from one instant up to another, both included.</summary>
    public bool IsSameThread(int thread, long from, long to)
    {
        List<ThreadState> truth = _threads.First(With(thread)).Truth;
        for (int at = (int)Math.Max(0, from); at <= Math.Min(to, truth.Count - 1); at++)
        {
            if (truth[at] == ThreadState.Unknown) return false;
        }

        return true;
    }

    private static AccountState Charged(ThreadState state) => state switch
    {
        ThreadState.Running => AccountState.Running,
        ThreadState.Preempted => AccountState.Preempted,
        ThreadState.Waking => AccountState.Waking,
        ThreadState.Blocked => AccountState.Blocked,
        _ => AccountState.Unknown,
    };

    private static Func<SimulatedThread, bool> With(int id) => thread => thread.Id == id;

    private static Func<SimulatedThread, bool> On(int cpu) => thread => thread.Cpu == cpu;

    private void Pass(int nanoseconds)
    {
        for (int i = 0; i < nanoseconds; i++, _now++)
        {
            _suspended.Add(_suspendedNow);
            _holders.Add([.. Enumerable.Range(0, Cpus.Length).Select(cpu => _threads.FirstOrDefault(On(cpu))?.Id ?? 0)]);
            foreach (SimulatedThread thread in _threads) thread.Truth.Add(thread.State);
            foreach (SimulatedRequest request in _requests.Where(request => !request.IsOver))
            {
                request.Pass(_suspendedNow ? AccountState.Gc : null, thread => Charged(thread.State));
            }
        }
    }

    private void Move()
    {
        Pass(_random.Next(4) == 0 ? 0 : _random.Next(1, 12));
        if (_operations?.Next(5) == 0) Operate(_operations);
        if (_random.Next(25) == 0)
        {
            Suspend();
            return;
        }

        SimulatedThread thread = _threads[_random.Next(_threads.Length)];
        if (thread.Touched == _now) return;
        switch (thread.State)
        {
            case ThreadState.Running: MoveRunning(thread); break;
            case ThreadState.Blocked: Unblock(thread); break;
            case ThreadState.Unknown when _random.Next(3) > 0: break;
            default: Come(thread); break;
        }
    }

    private void MoveRunning(SimulatedThread thread)
    {
        int choice = _random.Next(thread.IsOfTarget ? 15 : 9);
        if (thread.WokenTooEarly) Leave(thread, TimelineEvent.SwitchOut, ThreadState.Waking);
        else if (choice == 0 && _random.Next(4) == 0) Exit(thread);
        else if (choice == 1) Wake(thread);
        else if (choice == 2) { Wake(thread); thread.WokenTooEarly = true; }
        else if (choice < 5) Leave(thread, TimelineEvent.Preempted, ThreadState.Preempted);
        else if (choice < 8) Leave(thread, TimelineEvent.SwitchOut, ThreadState.Blocked);
        else if (choice == 8) Fault(thread);
        else if (thread.Drives) Iterate(thread);
        else Serve(thread);
    }

    private void Come(SimulatedThread thread)
    {
        int[] free = [.. Enumerable.Range(0, Cpus.Length).Where(cpu => !_threads.Any(other => other.Cpu == cpu))];
        if (free.Length == 0) return;
        thread.Cpu = free[_random.Next(free.Length)];
        Cpus[thread.Cpu].Add(new Written(TimelineEvent.Preempted(new(_now), thread.Cpu, 0, 0), 0));
        if (thread.IsOfTarget && thread.State != ThreadState.Unknown) Waited(thread);
        thread.State = ThreadState.Running;
        Write(thread, thread.Cpu, TimelineEvent.SwitchIn(new(_now), thread.Cpu, thread.Id, thread.Process));
    }

    private void Waited(SimulatedThread thread)
    {
        Waits.Add(new(_now - thread.WaitsSince));
        // A thread that lost its CPU waits for that one until it goes idle: then it is in another queue.
        int queue = thread.State == ThreadState.Preempted ? thread.LastCpu : thread.Cpu;
        for (int at = (int)thread.WaitsSince; at < _now; at++)
        {
            if (_holders[at][queue] == 0) queue = thread.Cpu;
            int holder = _holders[at][queue];
            Held[holder] = Held.GetValueOrDefault(holder) + 1;
        }
    }

    private void Leave(SimulatedThread thread, Func<Timestamp, int, int, int, TimelineEvent> how, ThreadState next)
    {
        Write(thread, thread.Cpu, how(new(_now), thread.Cpu, thread.Id, thread.Process));
        Idle(thread.Cpu);
        thread.State = next;
        thread.WaitsSince = _now;
        (thread.LastCpu, thread.Cpu) = (thread.Cpu, -1);
        thread.WokenTooEarly = false;
    }

    private void Exit(SimulatedThread thread)
    {
        TimelineEvent exit = _random.Next(2) == 0
            ? TimelineEvent.Exited(new(_now), thread.Cpu, -1, -1)
            : TimelineEvent.Exited(new(_now), thread.Cpu, thread.Id, thread.Process);
        Leave(thread, (_, _, _, _) => exit, ThreadState.Unknown);
        thread.Iteration = null;
        _requests.Find(request => request.Threads.Contains(thread))?.Leave(thread);
    }

    private void Unblock(SimulatedThread thread)
    {
        Sleeps.Add(new SimulatedSleep(thread.Id, thread.WaitsSince, _now, Wake(thread)));
        thread.State = ThreadState.Waking;
        thread.WaitsSince = _now;
    }

    private int Wake(SimulatedThread thread)
    {
        int cpu = _random.Next(Cpus.Length);
        int running = _threads.FirstOrDefault(On(cpu))?.Id ?? TimelineEvent.Interrupt;
        int waker = _random.Next(4) == 0 ? TimelineEvent.Interrupt : running;
        Write(thread, cpu, TimelineEvent.Waking(new(_now), cpu, thread.Id, waker));
        return waker;
    }

    /// <summary>A fault is written into a ring of its thread, whatever the CPU.</summary>
    private void Fault(SimulatedThread thread)
    {
        thread.Touched = _now;
        TimelineEvent fault = TimelineEvent.PageFaults(
            new(_now), LossScope.Thread(thread.Id).Value, thread.Id, count: _random.Next(1, 5), major: _random.Next(4) == 0);
        Faults[Array.IndexOf(_threads, thread)].Add(new Written(fault, thread.Id));
    }

    private void Iterate(SimulatedThread thread)
    {
        TimelineEvent told = thread.Iteration is { } open
            ? TimelineEvent.IterationEnded(new(_now), thread.Id, open, 0)
            : TimelineEvent.IterationBegan(new(_now), thread.Id, ++_iterations, 0);
        thread.Iteration = thread.Iteration is null ? _iterations : null;
        thread.Touched = _now;
        Runtime.Add(new Written(told, thread.Id));
    }

    /// <summary>A thread pauses or ends the request it works on, or takes one, or makes one ready for others.</summary>
    private void Serve(SimulatedThread thread)
    {
        thread.Touched = _now;
        var at = new Timestamp(_now);
        if (_requests.Find(request => request.Threads.Contains(thread)) is { } served)
        {
            Tell(TimelineEvent.SegmentEnded(at, thread.Id, served.Id));
            served.Leave(thread);
            // It may end while others still work on it.
            if (_random.Next(3) > 0) return;
            served.End();
            Tell(TimelineEvent.UnitEnded(at, served.Id, thread.Id));
            return;
        }

        if (_requests.Find(request => !request.IsOver && _random.Next(2) == 0) is { } free)
        {
            if (free is { Threads.Count: 0, Gap: AccountState.Awaiting } && _random.Next(2) == 0)
            {
                free.Gap = AccountState.Queued;
                Tell(TimelineEvent.UnitReady(at, free.Id, thread.Id));
                return;
            }

            free.Threads.Add(thread);
            Tell(TimelineEvent.SegmentBegan(at, thread.Id, free.Id));
            return;
        }

        var begun = new SimulatedRequest(new UnitId(UnitKind.Request, _requests.Count + 1));
        _requests.Add(begun);
        Tell(TimelineEvent.UnitBegan(at, begun.Id, 0));

        void Tell(TimelineEvent told) => Runtime.Add(new Written(told, thread.Id));
    }

    /// <summary>An operation of a request begins or ends; that may also be while no thread works on it.</summary>
    private void Operate(Random random)
    {
        SimulatedRequest[] open = [.. _requests.Where(request => !request.IsOver)];
        if (open.Length == 0) return;
        SimulatedRequest request = open[random.Next(open.Length)];
        request.Awaits = (AwaitedFor)random.Next((int)AwaitedFor.Unknown);
        Runtime.Add(new Written(TimelineEvent.UnitAwaits(new(_now), request.Id, request.Awaits), 0));
    }

    private void Suspend()
    {
        _suspendedNow = !_suspendedNow;
        var at = new Timestamp(_now);
        Runtime.Add(new(_suspendedNow ? TimelineEvent.SuspensionBegan(at) : TimelineEvent.SuspensionEnded(at), 0));
    }

    /// <summary>No thread wants the CPU: the idle thread comes, and leaves when one does.</summary>
    private void Idle(int cpu) => Cpus[cpu].Add(new Written(TimelineEvent.SwitchIn(new(_now), cpu, 0, 0), 0));

    private void Write(SimulatedThread thread, int cpu, TimelineEvent written)
    {
        thread.Touched = _now;
        Cpus[cpu].Add(new Written(written, thread.Id));
    }
}

/// <summary>An event as a source wrote it.</summary>
/// <param name="Event">What it says.</param>
/// <param name="Thread">Whom it truly concerns, where the event itself no longer knows.</param>
/// <param name="Lost">Did not get through.</param>
/// <param name="Reported">The gap it fell into is reported.</param>
internal sealed record Written(TimelineEvent Event, int Thread, bool Lost = false, bool Reported = false);
