namespace Observatory.Kernel;

/// <summary>What a minor page fault costs a thread on this machine: CPU time in seconds.</summary>
/// <param name="Seconds">Median over the rounds.</param>
/// <param name="Lowest">The cheapest round.</param>
/// <param name="Highest">The dearest round.</param>
/// <param name="Rounds">How often it was measured.</param>
/// <param name="FaultsPerRound">Faults that the kernel counted in each.</param>
public sealed record FaultCost(double Seconds, double Lowest, double Highest, int Rounds, long FaultsPerRound);
