namespace Observatory.Timeline.Tests;

/// <summary>
/// Delivers what a world wrote to a timeline in random batches with random lag, switches of other processes as hand-overs where a
/// batch has both, says truthfully how far each stream is complete, and judges every account against the truth.
/// </summary>
internal sealed class Delivery : ITimelineObserver
{
    private readonly SimulatedWorld _world;
    private readonly Random _random;
    private readonly int[] _next;
    private readonly int[] _speed;
    private readonly EventBatch _batch = new();
    private TimelineEvent? _left;
    // When threads were last seen to come to a CPU, and to exit.
    private readonly Dictionary<int, Timestamp> _seen = [];
    private readonly Dictionary<int, Timestamp> _exited = [];

    public Delivery(SimulatedWorld world, int seed, TimelineLimits? limits = null, EventsReceiver? consumed = null)
    {
        _world = world;
        _random = new Random(seed);
        _next = new int[world.Cpus.Length + 1 + world.Faults.Length];
        _speed = [.. _next.Select(_ => _random.Next(1, 12))];
        Timeline = new Timeline(StoryLine.Target, this, limits, consumed);
        Timeline.Join(StreamKind.Runtime, Timestamp.Zero);
        Timeline.Join(StreamKind.Scheduler, Timestamp.Zero);
    }

    public Timeline Timeline { get; }

    /// <summary>Switches that were delivered in one with the one before.</summary>
    public int HandOvers { get; private set; }

    public List<UnitAccount> Accounts { get; } = [];
    public List<Duration> Waits { get; } = [];
    /// <summary>How long each thread held a CPU that was waited for, in nanoseconds.</summary>
    public Dictionary<int, long> Held { get; } = [];

    public List<Duration> Suspensions { get; } = [];

    /// <summary>Accounts that claim to be complete and differ from the truth, in words.</summary>
    public List<string> Wrong { get; } = [];

    /// <summary>The units that they are of.</summary>
    public HashSet<UnitId> WrongUnits { get; } = [];

    /// <summary>True for an account about which the timeline cannot know better; asked when it closes.</summary>
    public Predicate<UnitAccount> Excused { get; init; } = _ => false;

    /// <summary>
    /// How far the scheduler's stream is said to be complete beyond what was delivered, at most: a record that becomes visible
    /// later than its reader expects.
    /// </summary>
    public int Overclaimed { get; init; }

    public Delivery Run()
    {
        while (_next.Select((next, lane) => next < Lane(lane).Count).Any(more => more)) Step();
        for (int lane = 0; lane < _next.Length; lane++) ReportGapBefore(lane, _world.End);
        Timeline.Advance(StreamKind.Scheduler, _world.End);
        Timeline.Advance(StreamKind.Runtime, _world.End);
        Timeline.Flush();
        return this;
    }

    /// <summary>True when the reader has come past this place of a CPU's ring.</summary>
    public bool HasRead(int cpu, int place) => _next[cpu] > place;

    public void IterationClosed(in UnitAccount account)
    {
        Accounts.Add(account);
        StateTimes truth = _world.TruthOf(account);
        if (!account.IsComplete || account.Times == truth || Excused(account)) return;
        AddWrong(account, $"{account} says {InWords(account.Times)} but did {InWords(truth)}");
    }

    private void AddWrong(in UnitAccount account, string what)
    {
        Wrong.Add(what);
        WrongUnits.Add(new UnitId(account.Kind, account.Iteration));
    }

    /// <summary>Accounts of requests.</summary>
    public List<UnitAccount> Units { get; } = [];

    public void UnitClosed(in UnitAccount account)
    {
        Units.Add(account);
        Assert.Equal(account.Wall, account.Times.Total);
        var id = new UnitId(account.Kind, account.Iteration);
        StateTimes truth = _world.TruthOf(id);
        if (!account.IsComplete || !JudgesUnits || Excused(account)) return;
        if (account.Details.IsComplete && account.Details.Work != _world.WorkOf(id))
            AddWrong(account, $"{account} says its threads did {InWords(account.Details.Work)}, but they did {InWords(_world.WorkOf(id))}");
        if (account.Times == truth) return;
        AddWrong(account, $"{account} says {InWords(account.Times)} but did {InWords(truth)}");
    }

    /// <summary>False where losses are hidden that only a single thread is excused for.</summary>
    public bool JudgesUnits { get; init; } = true;

    private static string InWords(StateTimes times) =>
        string.Join(", ", StateTimes.UnitStates.Select(state => $"{state} {times[state].Nanoseconds}"));

    public void RunQueueWaited(ReadOnlySpan<Duration> waits) => Waits.AddRange(waits);

    public void PreemptedBy(ReadOnlySpan<CpuHold> holds)
    {
        foreach (CpuHold hold in holds) Held[hold.Holder] = Held.GetValueOrDefault(hold.Holder) + hold.Time.Nanoseconds;
    }

    public void Suspended(in Suspension suspension) => Suspensions.Add(suspension.Time);

    // Rings of CPUs, then the runtime, then rings of threads.
    private List<Written> Lane(int lane) => lane < _world.Cpus.Length ? _world.Cpus[lane]
        : lane == _world.Cpus.Length ? _world.Runtime
        : _world.Faults[lane - _world.Cpus.Length - 1];

    private void Step()
    {
        int lane = _random.Next(_next.Length);
        int batch = _random.Next(_speed[lane] + 1);
        while (batch-- > 0 && _next[lane] < Lane(lane).Count) Deliver(lane);
        AddBatch();
        if (_random.Next(3) > 0) return;
        bool runtime = lane == _world.Cpus.Length;
        long complete = runtime ? CompleteTo(lane) : Enumerable.Range(0, _next.Length).Where(ring => ring != _world.Cpus.Length).Min(CompleteTo);
        if (!runtime && Overclaimed > 0) complete += _random.Next(Overclaimed + 1);
        Timeline.Advance(runtime ? StreamKind.Runtime : StreamKind.Scheduler, new(complete - _random.Next(20)));
    }

    private void Deliver(int lane)
    {
        Written written = Lane(lane)[_next[lane]];
        if (!written.Lost)
        {
            ReportGapBefore(lane, written.Event.At);
            Meet(written);
            Put(written.Event);
        }

        _next[lane]++;
    }

    private void Put(in TimelineEvent told)
    {
        if (_left is { } left && told.Kind == EventKind.SwitchIn && told.Process != StoryLine.Target && told.Cpu == left.Cpu
            && _batch.TryAddHandOver(left.At, left.Kind == EventKind.Preempted, left.Cpu, left.Thread, told.Thread))
        {
            HandOvers++;
            _left = null;
            return;
        }

        AddLeft();
        if (told.Kind is EventKind.SwitchOut or EventKind.Preempted && told.Process != StoryLine.Target) _left = told;
        else _batch.Add(told);
    }

    private void AddLeft()
    {
        if (_left is { } left) _batch.Add(left);
        _left = null;
    }

    private void AddBatch()
    {
        AddLeft();
        int whole = 0;
        EventRun run = _batch.Run;
        for (int place = 0; place < run.Count;)
        {
            int ofOneRing = PackedEvent.CountOfOneRing(run.Places[place..]);
            if (ofOneRing > 0) Timeline.Add(run.Places.Slice(place, ofOneRing));
            else Timeline.Add(run.Whole[whole++]);
            place += Math.Max(1, ofOneRing);
        }

        _batch.Clear();
    }

    /// <summary>As the collector does: a thread of the target that wakes another is there, though its beginning was lost.</summary>
    private void Meet(Written written)
    {
        TimelineEvent told = written.Event;
        if (told.Kind == EventKind.Exited) _exited[written.Thread] = told.At;
        if (told.Kind == EventKind.SwitchIn) See(told.Thread, told.At);
        if (told.Kind != EventKind.Waking || !_world.IsOfTarget(told.Waker) || IsKnown(told.Waker, told.At)) return;
        See(told.Waker, told.At);
        AddBatch();
        Timeline.Add(TimelineEvent.ThreadSeen(new(told.At.Nanoseconds - 1), told.Waker, StoryLine.Target, sleeping: false));
    }

    private void See(int thread, Timestamp at) => _seen[thread] = Timestamp.Later(at, _seen.GetValueOrDefault(thread, at));

    /// <summary>Rings are read one after the other, so the end of the thread that had an id before may be read after the beginning of the next.</summary>
    private bool IsKnown(int thread, Timestamp at)
    {
        if (!_exited.TryGetValue(thread, out Timestamp exited)) return _seen.ContainsKey(thread);
        return at <= exited || (_seen.TryGetValue(thread, out Timestamp seen) && seen >= exited);
    }

    /// <summary>As a ring does: a gap is told when the first record after it is read.</summary>
    private void ReportGapBefore(int lane, Timestamp until)
    {
        int before = _next[lane] - 1;
        if (before < 0 || Lane(lane)[before] is not { Lost: true, Reported: true }) return;
        AddBatch();
        Timeline.AddLoss(lane < _world.Cpus.Length ? LossScope.Cpu(lane) : LossScope.Runtime, until);
    }

    /// <summary>Up to before the next record; a reader that knows of a gap does not claim what fell into it.</summary>
    private long CompleteTo(int lane)
    {
        List<Written> written = Lane(lane);
        int place = _next[lane];
        while (place > 0 && written[place - 1] is { Lost: true, Reported: true }) place--;
        while (place < written.Count && written[place] is { Lost: true, Reported: false }) place++;
        return place < written.Count ? written[place].Event.At.Nanoseconds - 1 : _world.End.Nanoseconds;
    }
}
