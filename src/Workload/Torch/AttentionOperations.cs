using static TorchSharp.torch;

namespace Observatory.Workload;

/// <summary>
/// <c>output = softmax(queries x keys^T / sqrt(dim / heads)) x values</c>, all
/// <c>[batch, heads, sequence, dim / heads]</c>. For <c>decode</c> there is one query, which attends to the whole context.
/// </summary>
/// <remarks>
/// The library has no call that writes into an output that is there: each one allocates it, and TorchSharp an object
/// around it.
/// </remarks>
internal sealed class AttentionOperation(StudyPoint point, Generator generator, int queries) : ITensorOperation
{
    private readonly Tensor _queries = Input(point, generator, queries);
    private readonly Tensor _keys = Input(point, generator, point.Sequence);
    private readonly Tensor _values = Input(point, generator, point.Sequence);
    private Tensor? _output;

    public void Forward() => _output = nn.functional.scaled_dot_product_attention(_queries, _keys, _values);

    public void Clear() => _output?.Dispose();

    public void Dispose()
    {
        Clear();
        _queries.Dispose();
        _keys.Dispose();
        _values.Dispose();
    }

    private static Tensor Input(StudyPoint point, Generator generator, int tokens)
    {
        int heads = AttentionFormula.Heads(point.Dim);
        return TensorOperations.Uniform(generator, point.Type, point.Batch, heads, tokens, point.Dim / heads);
    }
}
