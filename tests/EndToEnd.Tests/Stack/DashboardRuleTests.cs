using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests.Stack;

/// <summary>What every dashboard keeps to, so that a reader is never left alone with a curve.</summary>
public sealed class DashboardRuleTests
{
    private static readonly JsonSerializerOptions Stable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static TheoryData<string> Files => [.. Dashboard.All.Select(dashboard => dashboard.File)];

    [Fact]
    public void The_overview_has_the_address_that_links_lead_to() =>
        Assert.Equal("observatory-overview", Dashboard.All.Single(dashboard => dashboard.File == "overview.json").Uid);

    [Fact]
    public void No_two_dashboards_have_the_same_uid() =>
        Assert.Distinct(Dashboard.All.Select(dashboard => dashboard.Uid));

    [Theory]
    [MemberData(nameof(Files))]
    public void The_file_is_formatted_as_a_serializer_would(string file)
    {
        Dashboard dashboard = Find(file);
        Assert.Equal(dashboard.Root.ToJsonString(Stable) + "\n", dashboard.Text);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void It_says_what_it_answers_and_how_to_read_it(string file)
    {
        Dashboard dashboard = Find(file);
        Assert.NotEmpty(Text(dashboard.Root, "title"));
        Assert.NotEmpty(Text(dashboard.Root, "description"));
        Assert.Contains("observatory", dashboard.Root["tags"]!.AsArray().Select(tag => (string)tag!));
        Assert.Contains(dashboard.Panels, panel => Text(panel, "type") == "text");
        // Grafana numbers dashboards in its own database; a number in the file would be that of somebody's machine.
        Assert.Null(dashboard.Root["id"]);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void No_two_panels_have_the_same_number_or_title(string file)
    {
        Dashboard dashboard = Find(file);
        Assert.Distinct(dashboard.Panels.Select(panel => (int)panel["id"]!));
        Assert.Distinct(dashboard.Panels.Select(panel => Text(panel, "title")));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_panel_has_unit_description_thresholds_and_says_why_it_may_be_empty(string file)
    {
        foreach (JsonNode panel in Find(file).DataPanels)
        {
            string title = Text(panel, "title");
            JsonNode defaults = panel["fieldConfig"]!["defaults"]!;
            Assert.True(Text(panel, "description").Length > 0, $"{title}: description");
            Assert.True(Text(defaults, "unit").Length > 0, $"{title}: unit");
            Assert.True(Text(defaults, "noValue").Length > 0, $"{title}: noValue");
            Assert.True(defaults["thresholds"]?["steps"]?.AsArray().Count > 0, $"{title}: thresholds");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_query_asks_the_data_source_of_the_variable(string file)
    {
        Dashboard dashboard = Find(file);
        Assert.Contains(dashboard.Variables, variable => Text(variable, "name") == "datasource");
        IEnumerable<JsonNode> askers = dashboard.DataPanels
            .Concat(dashboard.DataPanels.SelectMany(panel => panel["targets"]!.AsArray()!))
            .Concat(dashboard.Variables.Where(variable => Text(variable, "type") == "query"))!;
        Assert.All(askers, asker => Assert.Equal("${datasource}", (string)asker["datasource"]!["uid"]!));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void No_two_panels_overlap(string file)
    {
        var taken = new HashSet<(int X, int Y)>();
        foreach (JsonNode panel in Find(file).Panels)
        {
            JsonNode place = panel["gridPos"]!;
            (int x, int y, int w, int h) = ((int)place["x"]!, (int)place["y"]!, (int)place["w"]!, (int)place["h"]!);
            Assert.True(x + w <= 24, $"{Text(panel, "title")} leaves the grid of 24 columns");
            Assert.All(
                from column in Enumerable.Range(x, w) from row in Enumerable.Range(y, h) select (column, row),
                cell => Assert.True(taken.Add(cell), $"{Text(panel, "title")} overlaps at {cell}"));
        }
    }

    private static Dashboard Find(string file) => Dashboard.All.Single(dashboard => dashboard.File == file);

    private static string Text(JsonNode node, string property) => (string?)node[property] ?? "";
}
