using static TorchSharp.torch;

namespace Observatory.Workload;

/// <summary>
/// The rows of an input times a weight, written into an output that is allocated once: <c>out = 0 out + rows x weight</c>.
/// It is the product that <c>matmul</c> makes of the same tensors, without its allocation.
/// </summary>
/// <remarks>TorchSharp has no <c>out</c> argument for products; the call in place returns the tensor it was given.</remarks>
internal sealed class RowProduct : IDisposable
{
    private readonly Tensor _input, _weight, _rows, _rowsOut;

    /// <param name="input">Any number of dimensions, the last one of the weight's height. Owned from now on.</param>
    /// <param name="weight">Two dimensions. Owned from now on.</param>
    public RowProduct(Tensor input, Tensor weight)
    {
        (_input, _weight) = (input, weight);
        _rows = input.view(-1, weight.shape[0]);
        Output = empty([.. input.shape[..^1], weight.shape[1]], weight.dtype);
        _rowsOut = Output.view(-1, weight.shape[1]);
    }

    /// <summary>As the input, the last dimension that of the weight's width.</summary>
    public Tensor Output { get; }

    /// <summary>With a factor of 0 the library does not read what the output held before.</summary>
    public void Compute() => _rowsOut.addmm_(_rows, _weight, beta: 0, alpha: 1);

    public void Dispose()
    {
        foreach (Tensor tensor in (Tensor[])[_rowsOut, Output, _rows, _weight, _input]) tensor.Dispose();
    }
}

/// <summary>
/// <c>output = input x weight</c>: input <c>[batch, sequence, dim]</c>, weight <c>[dim, dim]</c>, output as the input.
/// </summary>
internal sealed class LinearOperation(StudyPoint point, Generator generator) : ITensorOperation
{
    private readonly RowProduct _product = new(
        TensorOperations.Uniform(generator, point.Type, point.Batch, point.Sequence, point.Dim),
        TensorOperations.Uniform(generator, point.Type, point.Dim, point.Dim));

    public void Forward() => _product.Compute();

    public void Clear()
    {
    }

    public void Dispose() => _product.Dispose();
}

/// <summary>As <see cref="LinearOperation"/>, with an output that each iteration allocates.</summary>
internal sealed class FreshLinearOperation(StudyPoint point, Generator generator) : ITensorOperation
{
    private readonly Tensor _input = TensorOperations.Uniform(generator, point.Type, point.Batch, point.Sequence, point.Dim);
    private readonly Tensor _weight = TensorOperations.Uniform(generator, point.Type, point.Dim, point.Dim);
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
            TensorOperations.Uniform(generator, point.Type, point.Batch, point.Sequence, point.Dim),
            TensorOperations.Uniform(generator, point.Type, point.Dim, wide));
        _hidden = _up.Output;
        _down = new RowProduct(_hidden.alias(), TensorOperations.Uniform(generator, point.Type, wide, point.Dim));
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

/// <summary>As <see cref="MlpOperation"/>, with a hidden layer and an output that each iteration allocates.</summary>
internal sealed class FreshMlpOperation(StudyPoint point, Generator generator) : ITensorOperation
{
    private readonly Tensor _input = TensorOperations.Uniform(generator, point.Type, point.Batch, point.Sequence, point.Dim);
    private readonly Tensor _up = TensorOperations.Uniform(generator, point.Type, point.Dim, MlpFormula.Widening * (long)point.Dim);
    private readonly Tensor _down = TensorOperations.Uniform(generator, point.Type, MlpFormula.Widening * (long)point.Dim, point.Dim);
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
