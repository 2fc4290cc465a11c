namespace Observatory.Contract;

/// <summary>Label (attribute) names that metrics of both processes share, so that queries can join them.</summary>
public static class Labels
{
    public const string Operation = "operation";
    public const string BatchSize = "batch_size";
    public const string SequenceLength = "sequence_length";
    public const string EmbeddingDim = "embedding_dim";
    public const string DataType = "dtype";

    /// <summary>The four labels that say which configuration a measurement belongs to.</summary>
    public static KeyValuePair<string, object?>[] Of(WorkloadConfiguration configuration) =>
    [
        new(Operation, configuration.Operation),
        new(BatchSize, configuration.BatchSize),
        new(SequenceLength, configuration.SequenceLength),
        new(EmbeddingDim, configuration.EmbeddingDim),
    ];
}
