using static TorchSharp.torch;

namespace Observatory.Workload;

/// <summary>
/// A configuration with its input in memory, and its output where the library can write into one that is there already.
/// Disposing it gives the memory back.
/// </summary>
internal interface ITensorOperation : IDisposable
{
    /// <summary>Computes once. Nothing else stands in it: this is what is timed.</summary>
    void Forward();

    /// <summary>Gives back what <see cref="Forward"/> had to allocate.</summary>
    void Clear();
}

/// <summary>Makes the computation of a point. The contents of its input follow from seed and index.</summary>
internal static class TensorOperations
{
    /// <param name="point">What to compute.</param>
    /// <param name="outputs">Where it writes to.</param>
    /// <param name="index">Its position in the study.</param>
    /// <param name="seed">Seed of the input.</param>
    public static ITensorOperation Create(StudyPoint point, OutputMemory outputs, long index, int seed)
    {
        using var generator = new Generator((ulong)seed + (ulong)index);
        return point.Operation switch
        {
            LinearFormula when outputs == OutputMemory.Fresh => new FreshLinearOperation(point, generator),
            MlpFormula when outputs == OutputMemory.Fresh => new FreshMlpOperation(point, generator),
            LinearFormula => new LinearOperation(point, generator),
            MlpFormula => new MlpOperation(point, generator),
            AttentionFormula => new AttentionOperation(point, generator),
            _ => throw new InvalidOperationException($"Nothing computes {point.Operation.Name}."),
        };
    }

    /// <summary>A tensor of float32, uniform in [0, 1).</summary>
    public static Tensor Uniform(Generator generator, params long[] sizes) =>
        rand(sizes, ScalarType.Float32, generator: generator);
}
