namespace Observatory.Study;

/// <summary>Where the time of some iterations of a configuration went, on average. All in seconds.</summary>
/// <param name="Wall">Wall time of an iteration.</param>
/// <param name="States">Of the driving thread; what was not measured is absent.</param>
/// <param name="WorkersWaited">
/// Time that the library's other threads were ready and had no CPU, added up over them; null: not seen. The driving thread
/// may well be <c>running</c> meanwhile: it spins at a barrier.
/// </param>
internal sealed record AccountedTime(double Wall, IReadOnlyDictionary<string, double> States, double? WorkersWaited)
{
    /// <summary>As the collector calls them.</summary>
    public const string Gc = "gc", Running = "running", Preempted = "preempted", Waking = "waking", Blocked = "blocked";

    public static readonly IReadOnlyList<string> Names = [Gc, Running, Preempted, Waking, Blocked];

    /// <summary>Roles of native threads beside the driving one: the library's, also where nobody said whose they are.</summary>
    private static readonly string[] Workers = ["worker", "other"];

    /// <param name="accounts">At least one.</param>
    public static AccountedTime Of(IReadOnlyList<IterationAccount> accounts) => new(
        accounts.Average(account => account.WallNs) / 1e9,
        Names
            .Where(state => accounts.All(account => account.Ns.GetValueOrDefault(state) is not null))
            .ToDictionary(state => state, state => accounts.Average(account => account.Ns[state]!.Value) / 1e9),
        accounts.All(account => account.PoolNs is not null) ? accounts.Average(WaitOfWorkers) / 1e9 : null);

    public double? Of(string state) => States.TryGetValue(state, out double time) ? time : null;

    private static double WaitOfWorkers(IterationAccount account) => Workers
        .Select(role => account.PoolNs!.GetValueOrDefault(role))
        .Sum(states => (states?.GetValueOrDefault(Preempted) ?? 0) + (states?.GetValueOrDefault(Waking) ?? 0));
}
