using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>What was measured of this machine when the collector started: what modelled times are made of.</summary>
/// <param name="MinorFaultSeconds">CPU time of a minor page fault, the median over the rounds.</param>
/// <param name="LowestSeconds">The cheapest round.</param>
/// <param name="HighestSeconds">The dearest round.</param>
/// <param name="Rounds">How often it was measured.</param>
/// <param name="FaultsPerRound">Faults in each.</param>
internal sealed record CalibrationDocument(
    double MinorFaultSeconds, double LowestSeconds, double HighestSeconds, int Rounds, long FaultsPerRound)
{
    /// <summary>Null where it could not be measured.</summary>
    public static CalibrationDocument? Of(FaultCost? cost) =>
        cost is null ? null : new CalibrationDocument(cost.Seconds, cost.Lowest, cost.Highest, cost.Rounds, cost.FaultsPerRound);
}
