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
    public double? LongerIn(string state) => Slow.Of(state) - Fast.Of(state);

    /// <summary>Null with too few complete accounts to speak of 5 %.</summary>
    public static SlowIterations? Of(ConfigurationKey key, IReadOnlyList<IterationAccount> accounts)
    {
        IterationAccount[] sorted = [.. accounts.Where(account => account.Complete).OrderBy(account => account.WallNs)];
        if (sorted.Length < ConfigurationFindings.LeastForP95) return null;
        int slow = (int)Math.Ceiling(SlowShare * sorted.Length);
        return new SlowIterations(
            key, sorted.Length, AccountedTime.Of(sorted[..(sorted.Length / 2)]), AccountedTime.Of(sorted[^slow..]));
    }
}
