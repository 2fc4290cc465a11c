namespace Observatory.Study;

/// <summary>A quantity of one configuration, above zero.</summary>
/// <param name="Key">The configuration.</param>
/// <param name="Value">Latency in seconds, or memory in bytes.</param>
internal readonly record struct ScalingPoint(ConfigurationKey Key, double Value);
