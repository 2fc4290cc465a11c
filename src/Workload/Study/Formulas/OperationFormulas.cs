namespace Observatory.Workload;

/// <summary>The operations there are. A new one is a formula here and its computation in <c>Torch</c>.</summary>
internal static class OperationFormulas
{
    public static readonly IOperationFormula Linear = new LinearFormula();
    public static readonly IOperationFormula Mlp = new MlpFormula();
    public static readonly IOperationFormula Attention = new AttentionFormula();

    public static readonly IReadOnlyList<IOperationFormula> All = [Linear, Mlp, Attention];
}
