namespace Observatory.Contract;

/// <summary>Names of the meters, as OpenTelemetry subscribes to them.</summary>
public static class Meters
{
    public const string Workload = "Observatory.Workload";
    public const string Collector = "Observatory.Collector";

    /// <summary>The runtime's own meter: GC, JIT, thread pool, exceptions.</summary>
    public const string Runtime = "System.Runtime";
}

/// <summary>Label (attribute) names that metrics of both processes share, so that queries can join them.</summary>
public static class Labels
{
    public const string Operation = "operation";
    public const string BatchSize = "batch_size";
    public const string SequenceLength = "sequence_length";
    public const string EmbeddingDim = "embedding_dim";
    public const string DataType = "dtype";
    public const string Threads = "threads";

    /// <summary>
    /// The labels that say which configuration a measurement belongs to: four, and threads and element type where a study has
    /// several of them. Otherwise those two labels are left out.
    /// </summary>
    public static KeyValuePair<string, object?>[] From(WorkloadConfiguration configuration) =>
    [
        new(Operation, configuration.Operation),
        new(BatchSize, configuration.BatchSize),
        new(SequenceLength, configuration.SequenceLength),
        new(EmbeddingDim, configuration.EmbeddingDim),
        .. configuration.Axes.HasFlag(StudyAxes.Threads) ? [new(Threads, configuration.Threads)] : Array.Empty<KeyValuePair<string, object?>>(),
        .. configuration.Axes.HasFlag(StudyAxes.DataType) ? [new(DataType, configuration.DataType)] : Array.Empty<KeyValuePair<string, object?>>(),
    ];
}

/// <summary>Histogram bucket boundaries in seconds. The SDK's defaults start at 5 whatever the unit, so no histogram uses them.</summary>
public static class Buckets
{
    /// <summary>10 us to an hour in steps of about 1, 2, 5: one iteration.</summary>
    public static readonly double[] IterationSeconds =
    [
        0.00001, 0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05,
        0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120, 300, 600, 1800, 3600,
    ];

    /// <summary>1 us to 60 s: waiting for a CPU, and pauses of the runtime, which are short when all is well.</summary>
    public static readonly double[] ShortSeconds =
    [
        0.000001, 0.000002, 0.000005, 0.00001, 0.00002, 0.00005, 0.0001, 0.0002, 0.0005,
        0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1,
        2, 5, 10, 20, 60,
    ];
}
