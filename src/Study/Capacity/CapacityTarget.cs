namespace Observatory.Study;

/// <summary>What a service has to keep and what its machine costs.</summary>
/// <param name="Latency">95 of 100 iterations must not take longer; above zero.</param>
/// <param name="PricePerHour">Of this machine, in any currency; null when it is not of interest.</param>
public sealed record CapacityTarget(TimeSpan Latency, double? PricePerHour);
