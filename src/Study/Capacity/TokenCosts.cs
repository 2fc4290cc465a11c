namespace Observatory.Study;

/// <summary>
/// What a million tokens cost at one context length: those of a prompt, which attention takes in at once (prefill), beside those
/// that are made one after the other (decode).
/// </summary>
/// <param name="Dtype">Element type.</param>
/// <param name="Threads">Threads of both.</param>
/// <param name="Dim">Embedding dimension.</param>
/// <param name="Context">Tokens of the prompt, or keys and values that a new token attends to.</param>
/// <param name="Prefill">The cheapest batch measured; null where there is none.</param>
/// <param name="Decode">The same of decode.</param>
internal sealed record TokenCost(string Dtype, int Threads, long Dim, long Context, TokenRate? Prefill, TokenRate? Decode)
{
    public const string PrefillOperation = "attention";

    /// <summary>How many times as much a token costs that is made as one that is read; null where one was not measured.</summary>
    public double? Ratio => Prefill?.TokensPerSecond / Decode?.TokensPerSecond;

    /// <summary>Every context length of a run at which either was measured, in order.</summary>
    public static IReadOnlyList<TokenCost> FindAll(IEnumerable<ConfigurationFindings> configurations) =>
    [
        .. from item in configurations
           where item.Key.Operation is PrefillOperation or ConfigurationKey.Decode && item.Series.Count > 0
           group item by (item.Key.Dtype, item.Key.Threads, item.Key.Dim, item.Key.Sequence) into point
           orderby point.Key.Dtype, point.Key.Threads, point.Key.Dim, point.Key.Sequence
           select new TokenCost(
               point.Key.Dtype, point.Key.Threads, point.Key.Dim, point.Key.Sequence,
               TokenRate.Best(point, PrefillOperation), TokenRate.Best(point, ConfigurationKey.Decode)),
    ];
}

/// <summary>The batch that gives the most tokens of an operation.</summary>
/// <param name="Batch">Its size.</param>
/// <param name="TokensPerSecond">Over all time of its iterations: slow ones must be paid for, too.</param>
/// <param name="IsDisturbed">So many of its samples were disturbed that the rate is one of disturbances.</param>
internal sealed record TokenRate(long Batch, double TokensPerSecond, bool IsDisturbed)
{
    /// <param name="pricePerHour">Of the machine, in any currency.</param>
    public double CostPerMillion(double pricePerHour) => pricePerHour / 3600 / TokensPerSecond * 1e6;

    public static TokenRate? Best(IEnumerable<ConfigurationFindings> configurations, string operation) => configurations
        .Where(item => item.Key.Operation == operation)
        .Select(item => new TokenRate(
            item.Key.Batch, item.Key.Tokens / item.Series.Values.Average(), item.DisturbedShare > Disturbance.Threshold))
        .MaxBy(rate => rate.TokensPerSecond);
}
