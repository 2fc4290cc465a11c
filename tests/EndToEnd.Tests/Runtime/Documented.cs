using Observatory.Tests.Shared;

namespace Observatory.EndToEnd.Tests;

/// <summary>What a real scrape shows stands in docs/metrics.md, names and labels.</summary>
internal static class Documented
{
    /// <summary>Labels that the exporter adds.</summary>
    private static readonly string[] Exporters = ["otel_scope_name", "le"];

    public static void Check(Exposition scraped)
    {
        IReadOnlyList<MetricRow> rows = MetricsDocument.Rows();
        foreach (string name in scraped.Names.Where(name => !name.StartsWith("dotnet_", StringComparison.Ordinal) && name != "target_info"))
        {
            MetricRow? row = rows.FirstOrDefault(row => row.Series.Contains(name));
            Assert.True(row is not null, $"{name} is not in docs/metrics.md");
            foreach (Sample sample in scraped.Of(name))
            {
                string[] missing = [.. sample.Labels.Keys.Except(row.Labels).Except(Exporters)];
                Assert.True(missing.Length == 0, $"docs/metrics.md does not say that {name} has {string.Join(", ", missing)}");
            }
        }
    }
}
