namespace Observatory.Study;

/// <summary>What this machine can do at most, measured with the threads of the run. Null: not measured.</summary>
public sealed record MachineLimits
{
    /// <summary>Floating point operations per second of the largest matrix product that was tried.</summary>
    public double? GemmFlopsPerSecond { get; init; }

    /// <summary>Floating point operations per second of fused multiply-adds on registers.</summary>
    public double? FmaFlopsPerSecond { get; init; }

    /// <summary>Bytes per second between memory and CPU, of a loop like STREAM's triad.</summary>
    public double? BandwidthBytesPerSecond { get; init; }
}
