using System.Runtime.InteropServices;
using Observatory.Hosting;
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
            AttentionFormula => new AttentionOperation(point, generator, queries: point.Sequence),
            DecodeFormula => new AttentionOperation(point, generator, queries: 1),
            _ => throw new InvalidOperationException($"Nothing computes {point.Operation.Name}."),
        };
    }

    /// <summary>A tensor of the point's type, uniform in [0, 1).</summary>
    public static Tensor Uniform(Generator generator, ElementType type, params long[] sizes) =>
        rand(sizes, ScalarTypeOf(type), generator: generator);

    /// <summary>Computes a small input of each operation and type once: not every CPU and build has code for all.</summary>
    /// <exception cref="UsageException">The library refuses one.</exception>
    public static void RequireSupported(IEnumerable<StudyPoint> points, OutputMemory outputs)
    {
        foreach ((IOperationFormula formula, ElementType type) in points.Select(point => (point.Operation, point.Type)).Distinct())
        {
            try
            {
                using ITensorOperation operation = Create(
                    new StudyPoint(formula, 1, 2, 8) { Type = type }, outputs, index: 0, seed: 1);
                operation.Forward();
                operation.Clear();
            }
            catch (ExternalException problem)
            {
                throw new UsageException(
                    $"libtorch {TorchSession.Version} does not compute {formula.Name} in {type.Name()} on this CPU; leave it out of "
                    + $"--dtypes or --operation. It says: {problem.Message.Split('\n')[0]}");
            }
        }
    }

    /// <summary>What libtorch calls the type.</summary>
    public static ScalarType ScalarTypeOf(ElementType type) => type switch
    {
        ElementType.BFloat16 => ScalarType.BFloat16,
        ElementType.Float16 => ScalarType.Float16,
        _ => ScalarType.Float32,
    };
}
