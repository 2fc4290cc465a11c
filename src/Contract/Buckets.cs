namespace Observatory.Contract;

/// <summary>Histogram bucket boundaries in seconds. The SDK's defaults start at 5 whatever the unit, so none is left to them.</summary>
public static class Buckets
{
    /// <summary>10 us to 60 s in steps of about 1, 2, 5: one iteration.</summary>
    public static readonly double[] IterationSeconds =
    [
        0.00001, 0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05,
        0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60,
    ];

    /// <summary>1 us to 1 s: waiting for a CPU, and pauses of the runtime.</summary>
    public static readonly double[] ShortSeconds =
    [
        0.000001, 0.000002, 0.000005, 0.00001, 0.00002, 0.00005, 0.0001, 0.0002, 0.0005,
        0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1,
    ];
}
