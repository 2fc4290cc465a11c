namespace Observatory.Contract;

/// <summary>One point of a study: what an iteration computes, and what that costs by formula.</summary>
/// <param name="Index">Identifies the configuration within its process.</param>
/// <param name="Operation">What is computed, for example <c>linear</c>.</param>
/// <param name="BatchSize">First dimension of the input.</param>
/// <param name="SequenceLength">Second dimension of the input, in tokens.</param>
/// <param name="EmbeddingDim">Last dimension of the input.</param>
/// <param name="DataType">Element type, for example <c>float32</c>.</param>
/// <param name="Threads">Threads the library computes with.</param>
/// <param name="FloatingPointOperations">Operations of one iteration.</param>
/// <param name="InputBytes">Size of the input tensor in bytes.</param>
public sealed record WorkloadConfiguration(
    long Index,
    string Operation,
    long BatchSize,
    long SequenceLength,
    long EmbeddingDim,
    string DataType,
    long Threads,
    long FloatingPointOperations,
    long InputBytes)
{
    /// <summary>
    /// The operation that makes one token for each sequence of the batch; <see cref="SequenceLength"/> is then the context
    /// that each attends to.
    /// </summary>
    public const string Decode = "decode";

    /// <summary>
    /// The axes besides operation and sizes that distinguish it within its study. Known once the whole study is, so not part of
    /// what is declared.
    /// </summary>
    public StudyAxes Axes { get; init; }

    /// <summary>Tokens that one iteration processes.</summary>
    public long Tokens => Operation == Decode ? BatchSize : BatchSize * SequenceLength;

    /// <summary>The axes besides operation and sizes on which the two differ.</summary>
    public StudyAxes DiffersFrom(WorkloadConfiguration other) =>
        (Threads != other.Threads ? StudyAxes.Threads : StudyAxes.None)
        | (DataType != other.DataType ? StudyAxes.DataType : StudyAxes.None);

    /// <summary>Reads the payload of <see cref="WorkloadEventIds.ConfigurationDeclared"/>; null when it is not one.</summary>
    public static WorkloadConfiguration? Read(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        bool complete = reader.TryReadInt64(out long index)
            & reader.TryReadInt64(out long batchSize)
            & reader.TryReadInt64(out long sequenceLength)
            & reader.TryReadInt64(out long embeddingDim)
            & reader.TryReadInt64(out long threads)
            & reader.TryReadInt64(out long operations)
            & reader.TryReadInt64(out long inputBytes)
            & reader.TryReadString(out string operation)
            & reader.TryReadString(out string dataType);
        return complete
            ? new WorkloadConfiguration(
                index, operation, batchSize, sequenceLength, embeddingDim, dataType, threads, operations, inputBytes)
            : null;
    }
}

/// <summary>
/// Axes on which the configurations of a study differ besides operation and sizes. As a label, an axis with one value would
/// say nothing; one with several values and no label would add up different things.
/// </summary>
[Flags]
public enum StudyAxes
{
    /// <summary>Operation and sizes tell every configuration from the others.</summary>
    None = 0,

    /// <summary>The library computes with several numbers of threads.</summary>
    Threads = 1,

    /// <summary>There are several element types.</summary>
    DataType = 2,
}
