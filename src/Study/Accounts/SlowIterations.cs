namespace Observatory.Study;

/// <summary>The slowest iterations of a configuration beside its fastest half: why was this iteration slow?</summary>
/// <param name="Key">The configuration.</param>
/// <param name="Accounts">Complete accounts.</param>
/// <param name="Fast">Of the faster half.</param>
/// <param name="Slow">Of the slowest 5 %, at least one.</param>
internal sealed record SlowIterations(ConfigurationKey Key, int Accounts, AccountedTime Fast, AccountedTime Slow)
{
    private const double SlowShare = 0.05;

    /// <summary>By how much a slow iteration is longer, in seconds.</summary>
    public double Longer => Slow.Wall - Fast.Wall;

    /// <summary>How much of that the waiting of the library's other threads is, in seconds; null: not seen.</summary>
    public double? WorkersWaitedLonger => Slow.WorkersWaited - Fast.WorkersWaited;

    /// <summary>The state that grew most; null when none did.</summary>
    public string? Mainly => AccountedTime.Names
        .Where(state => LongerIn(state) > 0)
        .MaxBy(state => LongerIn(state));

    /// <summary>How much more time the driving thread spent in a state, in seconds; null: not measured.</summary>
    public double? LongerIn(string state) => Slow.In(state) - Fast.In(state);

    /// <summary>
    /// Causes that have a name and grew, the one that grew most first, in seconds of an iteration; null where the observer
    /// wrote none.
    /// </summary>
    public IReadOnlyList<(string Cause, string By, double Longer)>? NamedCauses => Slow.Causes is not { } slow || Fast.Causes is not { } fast
        ? null
        :
        [
            .. from pair in slow
               let longer = pair.Value - fast.GetValueOrDefault(pair.Key)
               where longer > 0 && pair.Key.By.Length > 0
               orderby longer descending
               select (pair.Key.Cause, pair.Key.By, longer),
        ];

    /// <summary>Null with too few complete accounts to speak of 5 %.</summary>
    public static SlowIterations? From(ConfigurationKey key, IReadOnlyList<AccountLine> accounts)
    {
        AccountLine[] sorted = [.. accounts.Where(account => account.Complete).OrderBy(account => account.WallNs)];
        if (sorted.Length < ConfigurationFindings.LeastForP95) return null;
        int slow = (int)Math.Ceiling(SlowShare * sorted.Length);
        return new SlowIterations(
            key, sorted.Length, AccountedTime.Average(sorted[..(sorted.Length / 2)]), AccountedTime.Average(sorted[^slow..]));
    }
}

/// <summary>Where the time of some iterations of a configuration went, on average. All in seconds.</summary>
/// <param name="Wall">Wall time of an iteration.</param>
/// <param name="States">Of the driving thread; what was not measured is absent.</param>
/// <param name="WorkersWaited">
/// Time that the library's other threads were ready and had no CPU, added up over them; null: not seen. The driving thread
/// may well be <c>running</c> meanwhile: it spins at a barrier.
/// </param>
/// <param name="Causes">Seconds by cause and its name, empty where it has none; null where the observer wrote no causes.</param>
internal sealed record AccountedTime(
    double Wall,
    IReadOnlyDictionary<string, double> States,
    double? WorkersWaited,
    IReadOnlyDictionary<(string Cause, string By), double>? Causes)
{
    /// <summary>As the collector calls them.</summary>
    public const string Gc = "gc", Running = "running", Preempted = "preempted", Waking = "waking", Blocked = "blocked";

    public static readonly IReadOnlyList<string> Names = [Gc, Running, Preempted, Waking, Blocked];

    /// <summary>Roles of native threads other than the driving one: the library's, also where their role is unknown.</summary>
    private static readonly string[] Workers = ["worker", "other"];

    /// <param name="accounts">At least one.</param>
    public static AccountedTime Average(IReadOnlyList<AccountLine> accounts) => new(
        accounts.Average(account => account.WallNs) / 1e9,
        Names
            .Where(state => accounts.All(account => account.Ns.GetValueOrDefault(state) is not null))
            .ToDictionary(state => state, state => accounts.Average(account => account.Ns[state]!.Value) / 1e9),
        accounts.All(account => account.PoolNs is not null) ? accounts.Average(WaitOfWorkers) / 1e9 : null,
        accounts.All(account => account.Causes is not null)
            ? accounts
                .SelectMany(account => account.Causes!)
                .GroupBy(cause => (cause.Cause, cause.By ?? ""))
                .ToDictionary(cause => cause.Key, cause => cause.Sum(one => one.Ns) / 1e9 / accounts.Count)
            : null);

    public double? In(string state) => States.TryGetValue(state, out double time) ? time : null;

    private static double WaitOfWorkers(AccountLine account) => Workers
        .Select(role => account.PoolNs!.GetValueOrDefault(role))
        .Sum(states => (states?.GetValueOrDefault(Preempted) ?? 0) + (states?.GetValueOrDefault(Waking) ?? 0));
}
