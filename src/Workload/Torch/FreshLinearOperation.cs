using static TorchSharp.torch;

namespace Observatory.Workload;

/// <summary>As <see cref="LinearOperation"/>, with an output that each iteration allocates.</summary>
internal sealed class FreshLinearOperation(StudyPoint point, Generator generator) : ITensorOperation
{
    private readonly Tensor _input = TensorOperations.Uniform(generator, point.Batch, point.Sequence, point.Dim);
    private readonly Tensor _weight = TensorOperations.Uniform(generator, point.Dim, point.Dim);
    private Tensor? _output;

    public void Forward() => _output = _input.matmul(_weight);

    public void Clear() => _output?.Dispose();

    public void Dispose()
    {
        Clear();
        _input.Dispose();
        _weight.Dispose();
    }
}
