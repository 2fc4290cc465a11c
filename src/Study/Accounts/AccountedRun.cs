namespace Observatory.Study;

/// <summary>What an observer's accounts add to the results of a run.</summary>
/// <param name="Samples">Samples of the run.</param>
/// <param name="Accounts">Of so many there is an account.</param>
/// <param name="Complete">Of so many it is complete.</param>
/// <param name="Configurations">Those with enough complete accounts.</param>
internal sealed record AccountedRun(int Samples, int Accounts, int Complete, IReadOnlyList<SlowIterations> Configurations)
{
    /// <exception cref="ResultsFormatException">The accounts are not those of this run.</exception>
    public static AccountedRun Of(StudyResults results, IReadOnlyList<IterationAccount> accounts)
    {
        IReadOnlyDictionary<ConfigurationKey, IReadOnlyList<IterationAccount>> joined = AccountJoin.Of(results, accounts);
        return new AccountedRun(
            results.Configurations.Sum(configuration => configuration.DurationNs.Count),
            joined.Values.Sum(found => found.Count),
            joined.Values.Sum(found => found.Count(account => account.Complete)),
            [.. joined.Select(pair => SlowIterations.Of(pair.Key, pair.Value)).OfType<SlowIterations>()]);
    }

    /// <summary>Seconds by which the slowest of all configurations were longer, and how much of it a state is.</summary>
    public double LongerIn(string state) => Configurations.Sum(item => item.LongerIn(state) ?? 0);

    /// <summary>Seconds by which the slowest of all configurations were longer.</summary>
    public double Longer => Configurations.Sum(item => item.Longer);
}
