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
        Output = empty([.. input.shape[..^1], weight.shape[1]], ScalarType.Float32);
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
