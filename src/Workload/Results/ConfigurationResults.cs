namespace Observatory.Workload;

/// <summary>What was measured of one configuration.</summary>
internal sealed class ConfigurationResults
{
    /// <summary>An endless sweep must not fill memory with what it knows well enough.</summary>
    private const int MostVisits = 99;

    private readonly List<MemoryUse> _uses = [];

    public LatencyWindow Latencies { get; } = new();

    /// <summary>Of the visit in the middle; null when it could not be measured.</summary>
    public MemoryUse? Memory => MemoryUse.Median(_uses);

    /// <summary>Adds what a visit used.</summary>
    public void Add(MemoryUse? use)
    {
        if (use is { } measured && _uses.Count < MostVisits) _uses.Add(measured);
    }
}
