using Observatory.Contract;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// Finds the causes of every account and adds them up: by configuration, for the run, and for the process as a whole,
/// whether or not it marks units. Bounded memory however long it runs.
/// </summary>
internal sealed class CauseSink : IFindingsSink, IRuntimeEventHandler
{
    private const int MostExceptions = 1_000;
    private const int MostWaiters = 4_096;

    /// <summary>Beside a busy neighbour that sleeps often, a unit of a second may have ten thousand holders.</summary>
    private const int MostHolds = 16_384;

    /// <summary>Holders of CPUs are kept for so long at the least, and twice as long as the longest unit took.</summary>
    private static readonly Duration LeastKept = Duration.FromMilliseconds(30_000);

    // The pool's gate looks twice a second whether an item was taken, and adds a worker where none was.
    private static readonly Duration StarvedBefore = Duration.FromMilliseconds(500);

    private static readonly Duration StarvedAgain = Duration.FromMilliseconds(2_000);

    /// <summary>Of all waiters together: some 30 MB.</summary>
    private const int MostHoldsOfAll = 500_000;

    private readonly Lock _entry = new();

    // As many as there are names: the registry shows so many configurations, and the rest as one.
    private readonly SortedDictionary<long, ConfigurationCauses> _configurations = [];
    private readonly SortedDictionary<int, ConfigurationCauses> _requests = [];
    private readonly Dictionary<int, IntervalLog<string>> _locks = [];
    private readonly CauseEvidence _evidence;
    private readonly CauseFinder _finder;
    private readonly PauseCauses _pauses;
    private readonly HolderIdentities _identities;
    private volatile TargetConditions? _conditions;
    private readonly CauseTimes _process = new();
    private readonly Dictionary<string, long> _exceptions = [];
    private long _lockWaits;
    private Timestamp _starvedAt = Timestamp.Zero;
    private (int Waiter, IntervalLog<Holder>? Log) _latest;
    private int _holds;
    private Duration _kept = LeastKept;

    /// <param name="names">Names of threads.</param>
    /// <param name="faultSeconds">CPU time of a minor page fault; null where that is not known.</param>
    public CauseSink(ThreadNames names, double? faultSeconds)
    {
        _evidence = new CauseEvidence
        {
            Locks = thread => _locks.GetValueOrDefault(thread),
            Limits = () => _conditions?.Limits ?? TargetLimits.None,
            NameOf = names.NameOf,
            ProcessOf = thread => names.Identify(thread) is var (process, _, command) ? (process, command) : default,
            IsOfKernel = thread => ThreadDirectory.IsOfKernel(thread),
            FaultSeconds = faultSeconds ?? 0,
        };
        _finder = new CauseFinder(_evidence);
        _identities = new HolderIdentities(_evidence.ProcessOf);
        _pauses = new PauseCauses(_evidence, _finder, _process);
    }

    /// <summary>Tells whose threads are the target's own, and what else holds it back.</summary>
    public void Begin(int target, TargetConditions conditions)
    {
        (_identities.Target, _conditions) = (target, conditions);
        lock (_entry)
        {
            // Of threads that are gone; their ids may come again.
            _locks.Clear();
            ForgetHolders();
            _pauses.Clear();
            _evidence.Take(conditions);
        }
    }

    /// <summary>
    /// The causes of the account that is handed out now. This sink stands before those that ask, on the same thread.
    /// </summary>
    public CauseTimes Latest { get; } = new();

    /// <summary>Of the same account, the causes of its preempted and waking time.</summary>
    public CauseTimes LatestWithoutCpu => _finder.WithoutCpu;

    /// <summary>What the target may use.</summary>
    public TargetLimits Limits => _evidence.Limits();

    public void PreemptedBy(ReadOnlySpan<CpuHold> holds)
    {
        _identities.Advance(holds[0].From);
        lock (_entry)
        {
            foreach (ref readonly CpuHold hold in holds) Enter(hold);
        }
    }

    private void Enter(in CpuHold hold)
    {
        Holder holder = _identities.Find(hold.Holder);
        // Its own threads shared a CPU because another process had the others, which the program may use, too.
        if (holder.Kind == CauseKind.OwnThreads && hold.Elsewhere > 0 && !Limits.IsPinned) holder = _identities.Find(hold.Elsewhere);
        if (holder.Kind == CauseKind.Observer && _conditions?.Start.Includes(hold.From) == true) holder = holder with { Kind = CauseKind.ObserverStart };
        Timestamp to = hold.From + hold.Time;
        if (_holds >= MostHoldsOfAll) ForgetHolders();
        _holds += LogOf(hold.Waiter).Add(hold.From, to, holder) ? 1 : 0;
        _finder.FindHold(holder, hold.From, to, _process);
    }

    private IntervalLog<Holder> LogOf(int waiter)
    {
        // One wait may have ten thousand stretches.
        if (_latest.Waiter == waiter && _latest.Log is { } same) return same;
        if (!_evidence.Holders.TryGetValue(waiter, out IntervalLog<Holder>? log))
        {
            if (_evidence.Holders.Count >= MostWaiters) ForgetHolders();
            _evidence.Holders.Add(waiter, log = new(MostHolds) { Needed = () => _kept });
        }

        _latest = (waiter, log);
        return log;
    }

    public void IterationClosed(WorkloadConfiguration configuration, in UnitAccount account)
    {
        lock (_entry)
        {
            Prepare(account);
            _finder.Find(EvidenceOf(account), Latest);
            if (!_configurations.TryGetValue(configuration.Index, out ConfigurationCauses? causes))
                _configurations.Add(configuration.Index, causes = new ConfigurationCauses(UnitName.From(configuration), Labels.From(configuration)));
            if (causes.Axes != configuration.Axes) causes.Rename(configuration);
            causes.Add(account.Iteration, account.Thread, account.Began, account.Wall.Nanoseconds, Latest, LatestWithoutCpu);
        }

        _conditions?.Watch(account.Thread);
    }

    public void RequestClosed(RequestName name, in UnitAccount account)
    {
        lock (_entry)
        {
            Prepare(account);
            _finder.Find(EvidenceOf(account) with { Segments = account.Details.Segments, Awaited = account.Details.Awaited }, Latest);
            if (!_requests.TryGetValue(name.Index, out ConfigurationCauses? causes))
                _requests.Add(name.Index, causes = new ConfigurationCauses(name.Text, new KeyValuePair<string, object?>(UnitMetrics.Unit, name.Text)));
            causes.Add(account.Iteration, account.Thread, account.Began, account.Wall.Nanoseconds, Latest, LatestWithoutCpu);
        }

        _conditions?.Watch(account.Thread);
    }

    private void Prepare(in UnitAccount account)
    {
        Latest.Clear();
        _pauses.Settle(account.Ended);
        if (account.Wall + account.Wall > _kept) _kept = account.Wall + account.Wall;
    }

    private static UnitEvidence EvidenceOf(in UnitAccount account) => new(
        account.Thread, account.Began, account.Ended, account.Times, account.Details.Blocked.Shares, account.Details.MinorFaults);

    void IRuntimeEventHandler.Paused(in GcPause pause, long? configuration)
    {
        lock (_entry) _pauses.Add(pause);
    }

    public void Suspended(in Suspension suspension)
    {
        lock (_entry) _pauses.Explain(suspension);
    }

    void IRuntimeEventHandler.PoolStarved(Timestamp at)
    {
        lock (_entry)
        {
            // One worker more helps one item: where it starves again soon, it has starved in between.
            Timestamp from = at - _starvedAt <= StarvedAgain ? _starvedAt : at - StarvedBefore;
            _evidence.Starved.Add(from, at, true);
            _process.Add(new Cause(CauseKind.PoolStarvation), (at - from).Nanoseconds);
            _starvedAt = at;
        }
    }

    void IRuntimeEventHandler.Contended(in LockWait wait)
    {
        string owner = wait.Holder is { } request ? request.Text : wait.Owner > 0 ? ThreadNames.FamilyOf(_evidence.NameOf(wait.Owner)) : "";
        lock (_entry)
        {
            _lockWaits++;
            if (!_locks.TryGetValue(wait.Thread, out IntervalLog<string>? log))
            {
                if (_locks.Count >= MostWaiters) _locks.Clear();
                _locks.Add(wait.Thread, log = new(256));
            }

            log.Add(wait.Ended - wait.Time, wait.Ended, owner);
            _process.Add(new Cause(CauseKind.Lock, owner), wait.Time.Nanoseconds);
        }
    }

    void IRuntimeEventHandler.ExceptionThrown(string type)
    {
        lock (_entry)
        {
            if (_exceptions.Count >= MostExceptions && !_exceptions.ContainsKey(type)) type = "other";
            _exceptions[type] = _exceptions.GetValueOrDefault(type) + 1;
        }
    }

    /// <summary>Everything that was found so far.</summary>
    public CauseSnapshot Snapshot()
    {
        lock (_entry)
        {
            return new CauseSnapshot(
                [.. _configurations.Values.Select(causes => causes.Copy())],
                _process.Copy(),
                _lockWaits,
                _exceptions.OrderByDescending(pair => pair.Value).Take(5).ToDictionary(),
                Limits)
            {
                Requests = [.. _requests.Values.Select(causes => causes.Copy())],
            };
        }
    }

    /// <summary>Nanoseconds by kind of each configuration. Unlike a snapshot it copies no samples, so a scrape does not hold up the timeline.</summary>
    public IReadOnlyList<(IReadOnlyList<KeyValuePair<string, object?>> Labels, long[] Kinds)> ByConfiguration()
    {
        lock (_entry) return [.. _configurations.Values.Select(causes => (causes.Labels, causes.Times.ByKind()))];
    }

    /// <summary>The same of each name of requests.</summary>
    public IReadOnlyList<(IReadOnlyList<KeyValuePair<string, object?>> Labels, long[] Kinds)> ByRequest()
    {
        lock (_entry) return [.. _requests.Values.Select(causes => (causes.Labels, causes.Times.ByKind()))];
    }

    /// <summary>Nanoseconds by kind of all threads of the process.</summary>
    public long[] OfProcess()
    {
        lock (_entry) return _process.ByKind();
    }

    private void ForgetHolders()
    {
        _evidence.Holders.Clear();
        (_holds, _latest) = (0, default);
    }
}

/// <summary>What was found up to a moment.</summary>
/// <param name="Configurations">By configuration.</param>
/// <param name="Process">
/// Of all threads of the process: waits for a CPU, locks, suspensions. Thread time, also of threads outside units.
/// </param>
/// <param name="LockWaits">How many waits for locks.</param>
/// <param name="Exceptions">The types that were thrown most.</param>
/// <param name="Limits">What the target may use.</param>
internal sealed record CauseSnapshot(
    IReadOnlyList<ConfigurationCauses> Configurations,
    CauseTimes Process,
    long LockWaits,
    IReadOnlyDictionary<string, long> Exceptions,
    TargetLimits Limits)
{
    /// <summary>By the name of requests.</summary>
    public IReadOnlyList<ConfigurationCauses> Requests { get; init; } = [];

    /// <summary>Everything that units were found of.</summary>
    public IEnumerable<ConfigurationCauses> Units => Configurations.Concat(Requests);
}
