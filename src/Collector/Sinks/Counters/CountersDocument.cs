namespace Observatory.Collector;

/// <summary>What was counted of the driving threads inside the iterations of a configuration.</summary>
/// <param name="Set">hardware or software.</param>
/// <param name="Iterations">Iterations that were counted.</param>
/// <param name="CountedShare">Part of the time in which the counters were there, 0 to 1; below 1 the counts are scaled up.</param>
/// <param name="InstructionsPerCycle">Null where they were not counted.</param>
/// <param name="Counts">By name; null for what the machine does not count.</param>
internal sealed record CountersDocument(
    string Set, long Iterations, double CountedShare, double? InstructionsPerCycle, IReadOnlyDictionary<string, long?> Counts)
{
    /// <summary>Null where nothing was counted.</summary>
    public static CountersDocument? Of(SummaryRow row)
    {
        CounterTotals totals = row.Details.Counted;
        if (totals.Set is not { } set) return null;
        return new CountersDocument(
            set,
            totals.Iterations,
            totals.CountedShare,
            totals.InstructionsPerCycle,
            totals.Names.Zip(totals.Sums).ToDictionary(pair => pair.First, pair => pair.Second));
    }
}
