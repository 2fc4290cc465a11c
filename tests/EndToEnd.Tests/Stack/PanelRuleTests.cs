using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>What every panel keeps to.</summary>
public sealed class PanelRuleTests
{
    private static readonly string[] Types =
        ["bargauge", "heatmap", "row", "stat", "state-timeline", "table", "text", "timeseries", "xychart"];

    /// <summary>Colours of the states of an account, everywhere.</summary>
    private static readonly Dictionary<string, string> Colours = new()
    {
        ["running"] = "green", ["preempted"] = "red", ["waking"] = "orange", ["blocked"] = "blue", ["gc"] = "purple", ["unknown"] = "gray",
    };

    private static readonly string Grafana = Yaml.Read("compose.yaml")["services"]["grafana"].Text("image").Split(':')[1];

    public static TheoryData<string> Files => Dashboard.Files;

    [Theory]
    [MemberData(nameof(Files))]
    public void It_is_of_a_known_type_and_written_for_the_grafana_of_the_stack(string file) =>
        Assert.All(Dashboard.Of(file).Panels, panel =>
        {
            Assert.Contains(Text(panel, "type"), Types);
            Assert.NotEmpty(Text(panel, "title"));
            // Without it Grafana takes the panel for one of an old version, and migrates what is not old.
            if (Text(panel, "type") != "row") Assert.Equal(Grafana, Text(panel, "pluginVersion"));
        });

    [Theory]
    [MemberData(nameof(Files))]
    public void It_has_a_description_a_unit_and_says_why_it_may_be_empty(string file) =>
        Assert.All(Dashboard.Of(file).DataPanels, panel =>
        {
            JsonNode defaults = panel["fieldConfig"]!["defaults"]!;
            Assert.EndsWith(".", Text(panel, "description"), StringComparison.Ordinal);
            Assert.True(Text(defaults, "unit").Length > 0, $"{Text(panel, "title")}: unit");
            Assert.True(Text(defaults, "noValue").Length > 0, $"{Text(panel, "title")}: noValue");
        });

    [Theory]
    [MemberData(nameof(Files))]
    public void Its_thresholds_ascend_and_are_not_those_that_Grafana_puts_there(string file) =>
        Assert.All(Dashboard.Of(file).DataPanels, panel =>
        {
            JsonNode thresholds = panel["fieldConfig"]!["defaults"]!["thresholds"]!;
            double?[] values = [.. thresholds["steps"]!.AsArray().Select(step => (double?)step!["value"])];
            Assert.Null(values[0]);
            Assert.DoesNotContain(80, values);
            Assert.Equal(values.Skip(1).Order(), values.Skip(1));
            bool isDrawn = panel["fieldConfig"]!["defaults"]!["custom"]?["thresholdsStyle"] is not null;
            Assert.True(!isDrawn || values.Length > 1, $"{Text(panel, "title")} draws no threshold");
        });

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_query_asks_the_data_source_of_the_variable(string file)
    {
        Dashboard dashboard = Dashboard.Of(file);
        IEnumerable<JsonNode> askers = dashboard.DataPanels
            .Concat(dashboard.DataPanels.SelectMany(panel => panel["targets"]!.AsArray()!))
            .Concat(dashboard.Variables.Where(variable => Text(variable, "type") == "query"))
            .Concat(dashboard.Annotations)!;
        Assert.All(askers, asker => Assert.Equal("${datasource}", (string)asker["datasource"]!["uid"]!));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Its_series_are_told_apart(string file)
    {
        Dashboard dashboard = Dashboard.Of(file);
        foreach (JsonNode panel in dashboard.DataPanels.Where(panel => Text(panel, "type") is "timeseries" or "state-timeline" or "bargauge" or "stat"))
        {
            PanelQuery[] queries = [.. dashboard.QueriesOf(panel)];
            Assert.All(queries, query => Assert.NotEmpty(query.Legend));
            Assert.Distinct(queries.Select(query => query.Legend));
            // Bars have their names beside them.
            if (Text(panel, "type") != "bargauge" && panel["options"]!["legend"] is { } legend) Assert.True((bool)legend["showLegend"]!);
            Assert.All(queries, query => Assert.True(
                !query.Expression.Contains(" by (", StringComparison.Ordinal) || !query.LegendLabels.Except(query.Labels).Any(),
                $"{query.Name}: the legend shows a label that the query has added up"));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_state_has_its_colour(string file)
    {
        foreach (JsonNode panel in Dashboard.Of(file).DataPanels)
        {
            Dictionary<string, string> given = (
                from state in panel["fieldConfig"]!["overrides"]!.AsArray()
                let name = (string?)state["matcher"]!["options"]
                from property in state["properties"]!.AsArray()
                where (string)property["id"]! == "color" && Colours.ContainsKey(name)
                select (name, Color: (string)property["value"]!["fixedColor"]!)).ToDictionary(pair => pair.name, pair => pair.Color);
            Assert.All(given, state => Assert.Equal(Colours[state.Key], state.Value));
            bool showsStates = panel["targets"]!.AsArray().Any(target => (string)target!["legendFormat"]! == "{{state}}");
            Assert.True(!showsStates || given.Count == Colours.Count, $"{Text(panel, "title")} leaves a state without its colour");
        }
    }

    /// <summary>Windows that fit scraping overlap: only a rate times the interval counts each event once.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void A_heatmap_takes_the_buckets_as_they_are_and_counts_each_event_once(string file) =>
        Assert.All(Dashboard.Of(file).DataPanels.Where(panel => Text(panel, "type") == "heatmap"), panel =>
        {
            JsonNode target = Assert.Single(panel["targets"]!.AsArray())!;
            Assert.Equal("heatmap", Text(target, "format"));
            Assert.Matches(@"^sum by \(le\) \(rate\(\w+_bucket\{[^}]*\}\[\$__rate_interval\]\)\) \* \$__interval_ms / 1000$", Text(target, "expr"));
            Assert.False((bool)panel["options"]!["calculate"]!);
        });

    private static string Text(JsonNode node, string property) => (string?)node[property] ?? "";
}
