namespace Observatory.Workload;

/// <summary>Sizes of which every combination is a configuration.</summary>
/// <param name="Operations">What is computed.</param>
/// <param name="Batches">Batch sizes.</param>
/// <param name="Sequences">Sequence lengths in tokens.</param>
/// <param name="Dims">Embedding dimensions.</param>
internal sealed record SweepGrid(
    IReadOnlyList<IOperationFormula> Operations,
    IReadOnlyList<int> Batches,
    IReadOnlyList<int> Sequences,
    IReadOnlyList<int> Dims)
{
    public long Count => (long)Operations.Count * Batches.Count * Sequences.Count * Dims.Count;
}
