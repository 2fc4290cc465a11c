using Observatory.Workload.Study;
using Observatory.Workload.Study.Formulas;
using static TorchSharp.torch;

namespace Observatory.Workload.Torch;

/// <summary>
/// <c>output = gelu(input x up) x down</c>: input and output <c>[batch, sequence, dim]</c>, up <c>[dim, 4 dim]</c>, down
/// <c>[4 dim, dim]</c>.
/// </summary>
internal sealed class MlpOperation(StudyPoint point, Generator generator) : ITensorOperation
{
    private readonly Tensor _input = TensorOperations.Uniform(generator, point.Batch, point.Sequence, point.Dim);

    private readonly Tensor _up = TensorOperations.Uniform(generator, point.Dim, MlpFormula.Widening * (long)point.Dim);

    private readonly Tensor _down = TensorOperations.Uniform(generator, MlpFormula.Widening * (long)point.Dim, point.Dim);

    public Tensor Forward()
    {
        using Tensor active = Hidden();
        return active.matmul(_down);
    }

    public void Dispose()
    {
        _input.Dispose();
        _up.Dispose();
        _down.Dispose();
    }

    /// <summary>What goes into GELU is freed as it returns, as the formula of the memory has it.</summary>
    private Tensor Hidden()
    {
        using Tensor hidden = _input.matmul(_up);
        return nn.functional.gelu(hidden);
    }
}
