using System.Text.RegularExpressions;
using Observatory.Tests.Shared;

namespace Observatory.EndToEnd.Tests;

/// <summary>What every rule and every alert keeps to.</summary>
public sealed partial class RuleTests
{
    private const string Runbook = "docs/runbook.md";

    /// <summary>Metrics of others.</summary>
    private static readonly string[] Foreign =
    [
        "up", // Prometheus itself
        "dotnet_process_cpu_time_seconds_total", // System.Runtime
        "dotnet_process_cpu_count",
        "dotnet_process_memory_working_set_bytes",
    ];

    public static TheoryData<string> Recording => [.. Rule.Recording.Select(rule => rule.Name)];

    public static TheoryData<string> Alerts => [.. Rule.Alerts.Select(rule => rule.Name)];

    public static TheoryData<string> All => [.. Rule.All.Select(rule => rule.Name)];

    private static IEnumerable<string> Documented => MetricsDocument.Rows().SelectMany(row => row.Series);

    [Theory]
    [MemberData(nameof(All))]
    public void Every_metric_that_is_named_is_documented_or_recorded(string name)
    {
        IEnumerable<string> known = Documented.Concat(Foreign).Concat(Rule.Recording.Select(rule => rule.Record));
        Rule rule = Find(name);
        Assert.Empty(rule.Series.Except(known));
        // The one alert that asks for a label, whichever the metric.
        Assert.Equal(rule.Alert != "ObservatoryCardinalityOverflow", rule.Series.Any());
    }

    [Theory]
    [MemberData(nameof(Recording))]
    public void A_recorded_series_is_called_after_level_metric_and_operations(string name)
    {
        string[] parts = Find(name).Record.Split(':');
        Assert.Equal(3, parts.Length);
        Assert.Matches("^(?:instance|configuration)(?:_(?:state|source|quantile))?$", parts[0]);
        Assert.Contains(Documented.Concat(Foreign), metric => metric.StartsWith(parts[1], StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Recording))]
    public void A_rule_keeps_the_labels_that_tell_machines_apart(string name) =>
        Assert.DoesNotMatch(@"\bby\b", Find(name).Expression);

    [Theory]
    [MemberData(nameof(Alerts))]
    public void An_alert_says_how_bad_what_and_where_to_read_on(string name)
    {
        Rule alert = Find(name);
        Assert.StartsWith("Observatory", alert.Alert, StringComparison.Ordinal);
        Assert.Matches("^(?:critical|warning)$", alert.Node["labels"].Text("severity"));
        Assert.NotEmpty(alert.Node["annotations"].Text("summary"));
        Assert.EndsWith(".", alert.Node["annotations"].Text("description"), StringComparison.Ordinal);
        Assert.Equal($"{Runbook}#{alert.Alert.ToLowerInvariant()}", alert.Node["annotations"].Text("runbook"));
    }

    [Fact]
    public void Every_alert_has_a_section_in_the_runbook_and_every_section_an_alert() => Assert.Equal(
        Rule.Alerts.Select(alert => alert.Alert).Distinct(),
        Heading().Matches(File.ReadAllText(Built.InRepository(Runbook))).Select(match => match.Groups["name"].Value));

    [Theory]
    [MemberData(nameof(Alerts))]
    public void A_section_says_what_to_look_at_why_and_what_to_do(string name)
    {
        string text = File.ReadAllText(Built.InRepository(Runbook));
        string section = text.Split($"## {Find(name).Alert}\n")[1].Split("\n## ")[0];
        Assert.All(
            ["**Means.**", "**Look at.**", "**Usual causes.**", "**Do.**", "**Silence.**"],
            part => Assert.Contains(part, section, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_alert_is_tested_with_a_case_that_fires_and_one_that_stays_silent()
    {
        string[] fires = [.. UnitTests.Cases.Where(one => one.Fires).Select(one => one.Alert)];
        string[] silent = [.. UnitTests.Cases.Where(one => !one.Fires).Select(one => one.Alert)];
        Assert.Empty(Rule.Alerts.Select(alert => alert.Alert).Except(fires));
        Assert.Empty(Rule.Alerts.Select(alert => alert.Alert).Except(silent));
        Assert.Empty(fires.Concat(silent).Except(Rule.Alerts.Select(alert => alert.Alert)));
    }

    [Theory]
    [MemberData(nameof(Recording))]
    public void Every_recorded_series_is_tested_with_values(string name) =>
        Assert.Contains(UnitTests.Queries, query => query.Contains(Find(name).Record, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Recording))]
    public void Every_recorded_series_has_its_row_among_the_metrics(string name) => Assert.Contains(
        $"| `{Find(name).Record}` |", File.ReadAllText(Built.InRepository("docs/metrics.md")), StringComparison.Ordinal);

    [Fact]
    public void Every_series_that_the_runbook_asks_for_exists()
    {
        IEnumerable<string> named = Series().Matches(File.ReadAllText(Built.InRepository(Runbook))).Select(match => match.Value).Distinct();
        IEnumerable<string> known = Documented
            .Concat(MetricsDocument.Rows().Select(row => row.Name))
            .Concat(Rule.Recording.Select(rule => rule.Record));
        Assert.Empty(named.Where(name => !name.StartsWith("dotnet_", StringComparison.Ordinal)).Except(known));
    }

    [Fact]
    public void Every_panel_that_the_runbook_points_to_exists()
    {
        Dictionary<string, Dashboard> dashboards = Dashboard.All.ToDictionary(dashboard => (string)dashboard.Root["title"]!);
        MatchCollection pointers = Pointer().Matches(File.ReadAllText(Built.InRepository(Runbook)));
        Assert.NotEmpty(pointers);
        foreach (Match pointer in pointers.Where(pointer => dashboards.ContainsKey(pointer.Groups["dashboard"].Value)))
        {
            IEnumerable<string> titles = dashboards[pointer.Groups["dashboard"].Value].Panels.Select(panel => (string)panel["title"]!);
            Assert.Empty(pointer.Groups["panel"].Captures.Select(panel => panel.Value).Except(titles));
        }
    }

    private static Rule Find(string name) => Rule.All.Single(rule => rule.Name == name);

    [GeneratedRegex(@"\b(?:\w+:)?(?:observatory|workload|process|dotnet)_[\w:]+")]
    private static partial Regex Series();

    // Overview, *Events lost*, *Incomplete iterations*
    [GeneratedRegex(@"(?<dashboard>[A-Z.][\w.]*(?: [a-z]\w*)*)(?:,\s+\*(?<panel>[^*]+)\*)+")]
    private static partial Regex Pointer();

    [GeneratedRegex("^## (?<name>Observatory.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
