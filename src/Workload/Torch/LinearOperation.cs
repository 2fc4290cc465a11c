using Observatory.Contract;
using static TorchSharp.torch;

namespace Observatory.Workload.Torch;

/// <summary>
/// <c>output = input x weight</c>: input <c>[batch, sequence, dim]</c>, weight <c>[dim, dim]</c>, output as the input,
/// all float32. The contents are uniform in [0, 1) and follow from the seed and the configuration.
/// </summary>
internal sealed class LinearOperation : IDisposable
{
    private readonly Tensor _input;
    private readonly Tensor _weight;

    public LinearOperation(WorkloadConfiguration configuration, int seed)
    {
        using var generator = new Generator((ulong)seed + (ulong)configuration.Index);
        long dim = configuration.EmbeddingDim;
        _input = rand(
            [configuration.BatchSize, configuration.SequenceLength, dim], ScalarType.Float32, generator: generator);
        _weight = rand([dim, dim], ScalarType.Float32, generator: generator);
    }

    /// <summary>Computes once. The caller disposes the output.</summary>
    public Tensor Forward() => _input.matmul(_weight);

    public void Dispose()
    {
        _input.Dispose();
        _weight.Dispose();
    }
}
