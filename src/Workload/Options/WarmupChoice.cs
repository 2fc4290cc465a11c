namespace Observatory.Workload;

/// <summary>Iterations before those that are recorded.</summary>
/// <param name="Least">At least so many.</param>
/// <param name="UntilStable">More, until they have stopped becoming faster.</param>
internal readonly record struct WarmupChoice(int Least, bool UntilStable);
