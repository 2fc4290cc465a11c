namespace Observatory.Workload;

/// <summary>Durations of iterations in seconds; percentiles by nearest rank.</summary>
internal sealed record LatencySummary(double P50, double P95, double Min, double Max);
