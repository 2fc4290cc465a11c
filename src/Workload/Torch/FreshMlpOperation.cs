using static TorchSharp.torch;

namespace Observatory.Workload;

/// <summary>As <see cref="MlpOperation"/>, with a hidden layer and an output that each iteration allocates.</summary>
internal sealed class FreshMlpOperation(StudyPoint point, Generator generator) : ITensorOperation
{
    private readonly Tensor _input = TensorOperations.Uniform(generator, point.Batch, point.Sequence, point.Dim);
    private readonly Tensor _up = TensorOperations.Uniform(generator, point.Dim, MlpFormula.Widening * (long)point.Dim);
    private readonly Tensor _down = TensorOperations.Uniform(generator, MlpFormula.Widening * (long)point.Dim, point.Dim);
    private Tensor? _output;

    public void Forward()
    {
        using Tensor hidden = _input.matmul(_up);
        using Tensor active = hidden.gelu_();
        _output = active.matmul(_down);
    }

    public void Clear() => _output?.Dispose();

    public void Dispose()
    {
        Clear();
        _input.Dispose();
        _up.Dispose();
        _down.Dispose();
    }
}
