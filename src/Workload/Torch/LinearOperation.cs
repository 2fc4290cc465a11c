using static TorchSharp.torch;

namespace Observatory.Workload;

/// <summary>
/// <c>output = input x weight</c>: input <c>[batch, sequence, dim]</c>, weight <c>[dim, dim]</c>, output as the input.
/// </summary>
internal sealed class LinearOperation(StudyPoint point, Generator generator) : ITensorOperation
{
    private readonly RowProduct _product = new(
        TensorOperations.Uniform(generator, point.Batch, point.Sequence, point.Dim),
        TensorOperations.Uniform(generator, point.Dim, point.Dim));

    public void Forward() => _product.Compute();

    public void Clear()
    {
    }

    public void Dispose() => _product.Dispose();
}
