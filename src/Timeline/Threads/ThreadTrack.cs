namespace Observatory.Timeline;

/// <summary>The state machine of one thread. Each method returns what the time since the last change really was.</summary>
/// <remarks>
/// <code>
///              preempted           in
///   Running ---------------> Preempted ---> Running
///      |  out               waking      in
///      +-------> Blocked ----------> Waking ---> Running
///                   |        in
///                   +---------------> Running     (if a wake-up came before the thread had left its CPU, it was
///                                                  runnable all the time: that slice was Waking; else Unknown)
///   made ---> Waking
///   any --- a loss ---> Unknown --- a switch, or an event of the thread's own ---> known again
/// </code>
/// What does not follow (in while running, out or an event of its own while not) proves that a switch is missing, and
/// in without a wake-up that the wake-up is: the kernel loses some of timers that end the idleness of a CPU. The time
/// since the last change was <see cref="ThreadState.Unknown"/> then, unless <see cref="ThreadTransitions"/> knows better.
/// A wake-up of a thread that is not blocked changes nothing: the kernel also wakes threads that are about to sleep.
/// </remarks>
internal sealed class ThreadTrack(int id)
{
    /// <summary>Kernel thread id.</summary>
    public int Id => id;

    /// <summary>What it is there for.</summary>
    public ThreadRole Role { get; set; }

    /// <summary>What the thread is doing now.</summary>
    public ThreadState State { get; private set; }

    /// <summary>Since when.</summary>
    public Timestamp Since { get; private set; }

    /// <summary>The counted time (see <see cref="AccountClock"/>) at that instant.</summary>
    public Duration CountedSince { get; set; }

    /// <summary>Since when it has run or wanted a CPU, whatever it did of both; only meaningful while it does.</summary>
    public Timestamp RunnableSince { get; private set; }

    /// <summary>The CPU it runs on; only meaningful while <see cref="ThreadState.Running"/>.</summary>
    public int Cpu { get; private set; } = -1;

    /// <summary>The CPU it was on last; -1 while that is not known.</summary>
    public int LastCpu { get; private set; } = -1;

    /// <summary>It sleeps because that was read somewhere, not because it was seen to leave its CPU.</summary>
    public bool IsAssumedSleeping { get; private set; }

    /// <summary>Why its state is not known; nothing while it is.</summary>
    public IncompleteReasons UnknownBecause { get; private set; }

    /// <summary>
    /// It left its CPU after it had been woken. Whether that wake-up was meant for this sleep only its end can tell.
    /// </summary>
    public bool MayHaveBeenWoken { get; private set; }

    /// <summary>The segment of a unit of work that it is in.</summary>
    public Segment Segment { get; set; }

    /// <summary>Page faults of its own.</summary>
    public FaultCounts Faults { get; set; }

    /// <summary>The state the pool counts it in.</summary>
    public AccountState Seems { get; set; } = AccountState.Unknown;

    /// <summary>What it did lately.</summary>
    public StateHistory History { get; private set; } = new();

    /// <summary>The thread that made it; <see cref="TimelineEvent.UnknownThread"/> where it is older than what is known of it.</summary>
    public int Maker { get; private set; }

    private bool _wokenWhileRunning;

    public ThreadState SwitchIn(Timestamp at, int cpu)
    {
        ThreadState ended = State switch
        {
            ThreadState.Blocked => MayHaveBeenWoken ? ThreadState.Waking : ThreadState.Unknown,
            ThreadState.Running => ThreadState.Unknown,
            _ => State,
        };
        Change(ThreadState.Running, at);
        Cpu = LastCpu = cpu;
        return ended;
    }

    public ThreadState SwitchOut(Timestamp at, int cpu, bool preempted)
    {
        bool follows = State == ThreadState.Running && (Cpu < 0 || Cpu == cpu);
        // While its events were not seen, it may have been woken as well.
        bool mayHaveBeenWoken = (_wokenWhileRunning || State == ThreadState.Unknown) && !preempted;
        Change(preempted ? ThreadState.Preempted : ThreadState.Blocked, at);
        LastCpu = cpu;
        MayHaveBeenWoken = mayHaveBeenWoken;
        return follows ? ThreadState.Running : ThreadState.Unknown;
    }

    public ThreadState Wake(Timestamp at)
    {
        if (State == ThreadState.Blocked) return Change(ThreadState.Waking, at);
        _wokenWhileRunning = State == ThreadState.Running;
        return State;
    }

    /// <summary>It runs, and may have been woken unseen: it may want its CPU back when it leaves it.</summary>
    public void AssumeMayBeWoken() => _wokenWhileRunning = true;

    /// <summary>It was seen asleep.</summary>
    public ThreadState AssumeSleeping(Timestamp at)
    {
        ThreadState ended = Change(ThreadState.Blocked, at);
        IsAssumedSleeping = true;
        return ended;
    }

    /// <summary>It was made, and wants its first CPU.</summary>
    public ThreadState Begin(Timestamp at, int maker)
    {
        Maker = maker;
        return Change(ThreadState.Waking, at);
    }

    /// <summary>The thread itself told something, so it is on a CPU. Which one is not known.</summary>
    public ThreadState ObserveRunning(Timestamp at)
    {
        if (State == ThreadState.Running || (State != ThreadState.Unknown && Since == at)) return State;
        bool wasUnknown = State == ThreadState.Unknown;
        Change(ThreadState.Running, at);
        _wokenWhileRunning = wasUnknown;
        return ThreadState.Unknown;
    }

    public ThreadState MarkUnknown(Timestamp at, IncompleteReasons why)
    {
        LastCpu = -1;
        ThreadState ended = Change(ThreadState.Unknown, at);
        UnknownBecause = why;
        return ended;
    }

    /// <summary>The same thread in the same state, for a replay that goes on from here by itself: without a past and a unit.</summary>
    public ThreadTrack Copy()
    {
        var copy = (ThreadTrack)MemberwiseClone();
        copy.History = new StateHistory();
        copy.Maker = TimelineEvent.UnknownThread;
        copy.Segment = default;
        copy.Seems = AccountState.Unknown;
        return copy;
    }

    private ThreadState Change(ThreadState next, Timestamp at)
    {
        ThreadState ended = State;
        Cpu = -1;
        (State, Since) = (next, at);
        if (ended is ThreadState.Blocked or ThreadState.Unknown) RunnableSince = at;
        IsAssumedSleeping = MayHaveBeenWoken = _wokenWhileRunning = false;
        UnknownBecause = IncompleteReasons.None;
        return ended;
    }
}

/// <summary>The threads of the target that are there, and what they are there for.</summary>
internal sealed class ThreadTable(int process, AccountClock clock, LossState loss, ISliceConsumer consumer)
{
    /// <summary>Exits that are kept: what comes late of a thread that is gone must not make it known again.</summary>
    private const int MostExits = 1_024;

    private readonly Dictionary<int, ThreadTrack> _threads = [];
    private readonly ThreadFilter _filter = new();
    private readonly Dictionary<int, Timestamp> _exits = [];

    /// <summary>Threads that are followed.</summary>
    public Dictionary<int, ThreadTrack>.ValueCollection All => _threads.Values;

    public ThreadTrack? Find(int thread) => _threads.GetValueOrDefault(thread);

    /// <summary>False for most threads that are not followed.</summary>
    public bool MayKnow(int thread) => _filter.MayHave(thread);

    /// <summary>True for what a thread of the target does.</summary>
    public bool IsOfTarget(in TimelineEvent told) => told.Process == process;

    /// <summary>The track of a thread, made when it is heard of for the first time.</summary>
    public ThreadTrack TrackOf(int thread)
    {
        if (_threads.TryGetValue(thread, out ThreadTrack? track)) return track;
        Add(track = new ThreadTrack(thread) { CountedSince = clock.Counted });
        IncompleteReasons hidden = loss.ReasonsFor(thread);
        track.MarkUnknown(clock.Now, hidden == IncompleteReasons.None ? IncompleteReasons.NotSeen : hidden);
        consumer.Appeared(track);
        return track;
    }

    /// <summary>
    /// The track of a thread of which a switch came late; null where it is another process's, or has exited since. A thread that
    /// no other event has named still belongs to the target: what it wakes was woken by one of the target's own threads.
    /// </summary>
    public ThreadTrack? TrackOfLate(in TimelineEvent late)
    {
        if (Find(late.Thread) is { } track) return track;
        return late.IsSwitch && IsOfTarget(late) && !HasExitedSince(late) ? TrackOf(late.Thread) : null;
    }

    /// <summary>True for something that a thread did before it exited, and that came too late to be told before that.</summary>
    public bool HasExitedSince(in TimelineEvent told) =>
        !_threads.ContainsKey(told.Thread) && _exits.TryGetValue(told.Thread, out Timestamp exited) && exited > told.Happened;

    /// <summary>A thread of the target has exited.</summary>
    public void Exit(int thread, Timestamp at)
    {
        if (_exits.Count >= MostExits) _exits.Clear();
        _exits[thread] = at;
    }

    /// <summary>Takes over the threads of a checkpoint.</summary>
    public void Restore(IEnumerable<ThreadTrack> tracks)
    {
        foreach (ThreadTrack track in tracks)
        {
            Add(track);
            consumer.Appeared(track);
        }
    }

    /// <summary>Says what a thread is there for. That it drives iterations is never taken back.</summary>
    public void Describe(ThreadTrack track, ThreadRole role)
    {
        if (track.Role == role || track.Role == ThreadRole.Driving) return;
        consumer.Becomes(track, role);
        track.Role = role;
    }

    /// <summary>A thread is gone.</summary>
    public void Remove(ThreadTrack track)
    {
        if (_threads.Remove(track.Id)) _filter.Remove(track.Id);
        consumer.Gone(track);
    }

    private void Add(ThreadTrack track)
    {
        _threads.Add(track.Id, track);
        _filter.Add(track.Id);
    }
}
