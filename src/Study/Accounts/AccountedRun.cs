namespace Observatory.Study;

/// <summary>What an observer's accounts add to the results of a run.</summary>
/// <param name="Samples">Samples of the run.</param>
/// <param name="Accounts">Of so many there is an account.</param>
/// <param name="Complete">Of so many it is complete.</param>
/// <param name="Configurations">Those with enough complete accounts.</param>
internal sealed record AccountedRun(int Samples, int Accounts, int Complete, IReadOnlyList<SlowIterations> Configurations)
{
    /// <exception cref="ResultsFormatException">The accounts are not those of this run.</exception>
    public static AccountedRun From(StudyResults results, IReadOnlyList<AccountLine> accounts)
    {
        IReadOnlyDictionary<ConfigurationKey, IReadOnlyList<AccountLine>> joined = AccountJoin.Join(results, accounts);
        return new AccountedRun(
            results.Configurations.Sum(configuration => configuration.DurationNs.Count),
            joined.Values.Sum(found => found.Count),
            joined.Values.Sum(found => found.Count(account => account.Complete)),
            [.. joined.Select(pair => SlowIterations.From(pair.Key, pair.Value)).OfType<SlowIterations>()]);
    }

    /// <summary>Seconds by which the slowest of all configurations were longer, and how much of it a state is.</summary>
    public double LongerIn(string state) => Configurations.Sum(item => item.LongerIn(state) ?? 0);

    /// <summary>Seconds by which the slowest of all configurations were longer.</summary>
    public double Longer => Configurations.Sum(item => item.Longer);
}

/// <summary>
/// Finds the account of each sample: by the number of the iteration, and by the clock that both files share, so that
/// accounts of another run with the same sizes do not pass for those of this one.
/// </summary>
internal static class AccountJoin
{
    /// <summary>Accounts of the samples of each configuration; those that the observer missed are not among them.</summary>
    /// <exception cref="ResultsFormatException">They are of another run, or the results do not say when theirs was.</exception>
    public static IReadOnlyDictionary<ConfigurationKey, IReadOnlyList<AccountLine>> Join(
        StudyResults results, IReadOnlyList<AccountLine> accounts)
    {
        if (results.Run.MonotonicBeginNs is not { } begin)
        {
            throw new ResultsFormatException("the results do not say when their iterations ran; sweep again");
        }

        Dictionary<long, AccountLine> byNumber = [];
        foreach (AccountLine account in accounts) byNumber[account.Iteration] = account;
        var joined = results.Configurations.ToDictionary(
            configuration => configuration.Key,
            IReadOnlyList<AccountLine> (configuration) => Join(configuration, begin, byNumber));
        return joined.Values.Any(found => found.Count > 0) ? joined : throw Foreign("no iteration of the run is in it");
    }

    private static List<AccountLine> Join(
        MeasuredConfiguration configuration, long begin, Dictionary<long, AccountLine> byNumber)
    {
        List<AccountLine> found = [];
        int sample = 0;
        // Where older samples were not kept, the oldest visit has lost its first ones, but not the time of its beginning.
        bool hasBegin = configuration.DroppedSamples is null;
        foreach (Visit visit in configuration.Visits ?? [])
        {
            for (int n = 0; n < visit.Samples; n++, sample++)
            {
                if (!byNumber.TryGetValue(visit.FirstIteration + n ?? 0, out AccountLine? account)) continue;
                long? at = n == 0 && hasBegin ? begin + visit.AtNs : null;
                if (!Encloses(account, configuration, sample, at)) throw Foreign($"iteration {account.Iteration} is another one");
                found.Add(account);
            }

            hasBegin = true;
        }

        return found;
    }

    /// <summary>The marks of an iteration are around its sample.</summary>
    private static bool Encloses(AccountLine account, MeasuredConfiguration configuration, int sample, long? at) =>
        account.IsOf(configuration.Key)
        && account.WallNs >= configuration.DurationNs[sample]
        && (at is not { } start || (account.BeganNs <= start && start <= account.EndedNs));

    private static ResultsFormatException Foreign(string why) => new($"it is of another run than the results: {why}");
}
