using System.Globalization;

namespace Observatory.Study;

/// <summary>What a million tokens cost on this machine, to read and to make.</summary>
internal static class CostSection
{
    /// <summary>None where no price is given.</summary>
    public static IEnumerable<Section> Create(StudyFindings findings, double? pricePerHour)
    {
        if (pricePerHour is not { } price) yield break;
        IReadOnlyList<TokenCost> costs = TokenCost.FindAll(findings.Configurations);
        var keys = KeyColumns.For(findings.Configurations.Select(item => item.Key));
        yield return new Section("Cost of a million tokens")
        {
            Text =
            [
                $"At {price.ToString(CultureInfo.InvariantCulture)} an hour, of the batch that gives the most tokens per second over all time of the "
                + "iterations, one after the other. Prefill: attention over a prompt of that length. Decode: a token made for each sequence of the "
                + "batch, with that many keys and values before it. Of this operation alone, not of a whole model. * more than "
                + $"{NumberText.Percent(Disturbance.Threshold)} of the samples were disturbed.",
                .. Missing(costs),
            ],
            Table = Columns(keys, price).Tabulate(keys.HasDtypes ? 1 : 0, costs),
        };
    }

    private static IReadOnlyList<TableColumn<TokenCost>> Columns(KeyColumns keys, double price) =>
    [
        .. keys.HasDtypes ? [new TableColumn<TokenCost>("dtype", row => row.Dtype)] : (TableColumn<TokenCost>[])[],
        .. keys.HasThreads ? [new TableColumn<TokenCost>("threads", row => NumberText.Whole(row.Threads))] : (TableColumn<TokenCost>[])[],
        new("dim", row => NumberText.Whole(row.Dim)),
        new("context", row => NumberText.Whole(row.Context)),
        new("prefill batch", row => Batch(row.Prefill)),
        new("tokens/s read", row => NumberText.Count(row.Prefill?.TokensPerSecond)),
        new("cost of a million read", row => Cost(row.Prefill, price)),
        new("decode batch", row => Batch(row.Decode)),
        new("tokens/s made", row => NumberText.Count(row.Decode?.TokensPerSecond)),
        new("cost of a million made", row => Cost(row.Decode, price)),
        new("made / read", row => row.Ratio is { } ratio ? NumberText.Digits(ratio) : NumberText.None),
    ];

    private static string Batch(TokenRate? rate) => rate is null ? NumberText.None : NumberText.Whole(rate.Batch);

    private static string Cost(TokenRate? rate, double price) =>
        rate is null ? NumberText.None : NumberText.Significant(rate.CostPerMillion(price)) + (rate.IsDisturbed ? " *" : "");

    private static IEnumerable<string> Missing(IReadOnlyList<TokenCost> costs)
    {
        if (!costs.Any(row => row.Prefill is not null && row.Decode is not null))
        {
            yield return "Both at one length were not measured: sweep --operation attention,decode --batches 1,8 --sequences 1024,4096 --dims 128.";
        }
    }
}
