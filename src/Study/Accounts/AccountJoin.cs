namespace Observatory.Study;

/// <summary>
/// Finds the account of each sample: by the number of the iteration, and by the clock that both files share, so that
/// accounts of another run with the same sizes do not pass for those of this one.
/// </summary>
internal static class AccountJoin
{
    /// <summary>Accounts of the samples of each configuration; those that the observer missed are not among them.</summary>
    /// <exception cref="ResultsFormatException">They are of another run, or the results do not say when theirs was.</exception>
    public static IReadOnlyDictionary<ConfigurationKey, IReadOnlyList<IterationAccount>> Of(
        StudyResults results, IReadOnlyList<IterationAccount> accounts)
    {
        if (results.Run.MonotonicBeginNs is not { } begin)
        {
            throw new ResultsFormatException("the results do not say when their iterations ran; sweep again");
        }

        Dictionary<long, IterationAccount> byNumber = [];
        foreach (IterationAccount account in accounts) byNumber[account.Iteration] = account;
        var joined = results.Configurations.ToDictionary(
            configuration => configuration.Key,
            IReadOnlyList<IterationAccount> (configuration) => Of(configuration, begin, byNumber));
        return joined.Values.Any(found => found.Count > 0) ? joined : throw Foreign("no iteration of the run is in it");
    }

    private static List<IterationAccount> Of(
        MeasuredConfiguration configuration, long begin, Dictionary<long, IterationAccount> byNumber)
    {
        List<IterationAccount> found = [];
        int sample = 0;
        // Where older samples were not kept, the oldest visit has lost its first ones, but not the time of its beginning.
        bool hasBegin = configuration.DroppedSamples is null;
        foreach (Visit visit in configuration.Visits ?? [])
        {
            for (int n = 0; n < visit.Samples; n++, sample++)
            {
                if (!byNumber.TryGetValue(visit.FirstIteration + n ?? 0, out IterationAccount? account)) continue;
                long? at = n == 0 && hasBegin ? begin + visit.AtNs : null;
                if (!Encloses(account, configuration, sample, at)) throw Foreign($"iteration {account.Iteration} is another one");
                found.Add(account);
            }

            hasBegin = true;
        }

        return found;
    }

    /// <summary>The marks of an iteration are around its sample.</summary>
    private static bool Encloses(IterationAccount account, MeasuredConfiguration configuration, int sample, long? at) =>
        account.IsOf(configuration.Key)
        && account.WallNs >= configuration.DurationNs[sample]
        && (at is not { } start || (account.BeganNs <= start && start <= account.EndedNs));

    private static ResultsFormatException Foreign(string why) => new($"it is of another run than the results: {why}");
}
