namespace Observatory.Contract;

/// <summary>Names of the meters, as OpenTelemetry subscribes to them.</summary>
public static class Meters
{
    public const string Workload = "Observatory.Workload";
    public const string Collector = "Observatory.Collector";

    /// <summary>The runtime's own meter: GC, JIT, thread pool, exceptions.</summary>
    public const string Runtime = "System.Runtime";
}
