using static TorchSharp.torch;

namespace Observatory.Workload;

/// <summary>
/// <c>output = gelu(input x up) x down</c>: input and output <c>[batch, sequence, dim]</c>, up <c>[dim, 4 dim]</c>, down
/// <c>[4 dim, dim]</c>.
/// </summary>
internal sealed class MlpOperation : ITensorOperation
{
    private readonly RowProduct _up, _down;
    private readonly Tensor _hidden;
    private Tensor? _active;

    public MlpOperation(StudyPoint point, Generator generator)
    {
        long wide = MlpFormula.Widening * (long)point.Dim;
        _up = new RowProduct(
            TensorOperations.Uniform(generator, point.Batch, point.Sequence, point.Dim),
            TensorOperations.Uniform(generator, point.Dim, wide));
        _hidden = _up.Output;
        _down = new RowProduct(_hidden.alias(), TensorOperations.Uniform(generator, wide, point.Dim));
    }

    /// <summary>
    /// GELU in place: the layer before it is of no use after it. TorchSharp returns a new object around the same memory.
    /// </summary>
    public void Forward()
    {
        _up.Compute();
        _active = _hidden.gelu_();
        _down.Compute();
    }

    public void Clear() => _active?.Dispose();

    public void Dispose()
    {
        Clear();
        _down.Dispose();
        _up.Dispose();
    }
}
