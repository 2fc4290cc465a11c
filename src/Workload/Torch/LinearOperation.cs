using Observatory.Workload.Study;
using static TorchSharp.torch;

namespace Observatory.Workload.Torch;

/// <summary>
/// <c>output = input x weight</c>: input <c>[batch, sequence, dim]</c>, weight <c>[dim, dim]</c>, output as the input.
/// </summary>
internal sealed class LinearOperation(StudyPoint point, Generator generator) : ITensorOperation
{
    private readonly Tensor _input = TensorOperations.Uniform(generator, point.Batch, point.Sequence, point.Dim);
    private readonly Tensor _weight = TensorOperations.Uniform(generator, point.Dim, point.Dim);

    public Tensor Forward() => _input.matmul(_weight);

    public void Dispose()
    {
        _input.Dispose();
        _weight.Dispose();
    }
}
