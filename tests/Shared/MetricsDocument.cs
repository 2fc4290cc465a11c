using System.Runtime.CompilerServices;

namespace Observatory.Tests.Shared;

/// <summary>docs/metrics.md: a table for each meter, which is written by the tests that check it.</summary>
internal static class MetricsDocument
{
    private const string Rewrite = "OBSERVATORY_REWRITE_DOCS";
    private const string End = "<!-- end -->";
    private const string Head = "| metric | type | labels | meaning |\n|---|---|---|---|\n";

    /// <summary>All rows of the file.</summary>
    public static IReadOnlyList<MetricRow> Rows() => [.. File.ReadLines(Location()).Select(MetricRow.Parse).OfType<MetricRow>()];

    /// <summary>Fails when the table of a meter is not what its instruments say; writes it where that is asked for.</summary>
    /// <remarks>
    /// What a machine does not measure has no labels here: those that the table has are kept, those it lacks make it stale.
    /// </remarks>
    public static void Check(string meter, IEnumerable<MetricRow> measured)
    {
        Dictionary<string, MetricRow> known = Rows().GroupBy(row => row.Name).ToDictionary(rows => rows.Key, rows => rows.First());
        IEnumerable<MetricRow> rows = measured.OrderBy(row => row.Name, StringComparer.Ordinal).Select(row => row with
        {
            Labels = [.. row.Labels.Union(known.GetValueOrDefault(row.Name)?.Labels ?? []).Order(StringComparer.Ordinal)],
        });
        string text = File.ReadAllText(Location());
        string begin = $"<!-- generated: {meter} -->\n";
        int from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        int to = text.IndexOf(End, from, StringComparison.Ordinal);
        string table = Head + string.Concat(rows.Select(row => $"{row}\n"));
        if (Environment.GetEnvironmentVariable(Rewrite) == "1") File.WriteAllText(Location(), text[..from] + table + text[to..]);
        else Assert.True(text[from..to] == table, $"docs/metrics.md is stale: run this test with {Rewrite}=1 to rewrite it. It should say:\n{table}");
    }

    private static string Location([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "docs", "metrics.md"));
}
