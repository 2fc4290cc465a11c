using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Observatory.EndToEnd.Tests;

/// <summary>What every dashboard keeps to, so that a reader is never left alone with a curve.</summary>
public sealed partial class DashboardRuleTests
{
    private static readonly JsonSerializerOptions Stable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static TheoryData<string> Files => Dashboard.Files;

    [Fact]
    public void There_is_one_for_each_question() => Assert.Equal(
        ["observatory-machine", "observatory-overview", "observatory-requests", "observatory-runtime", "observatory-soak", "observatory-sweep", "observatory-time"],
        Dashboard.All.Select(dashboard => dashboard.Uid).Order());

    [Theory]
    [MemberData(nameof(Files))]
    public void The_file_is_formatted_as_a_serializer_would(string file)
    {
        Dashboard dashboard = Dashboard.Of(file);
        Assert.Equal(dashboard.Root.ToJsonString(Stable) + "\n", dashboard.Text);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void It_says_what_it_answers_and_how_to_read_it(string file)
    {
        Dashboard dashboard = Dashboard.Of(file);
        Assert.NotEmpty(Text(dashboard.Root, "title"));
        Assert.EndsWith("?", Text(dashboard.Root, "description"), StringComparison.Ordinal);
        Assert.Contains("observatory", dashboard.Root["tags"]!.AsArray().Select(tag => (string)tag!));
        JsonNode guide = Assert.Single(dashboard.Panels.Single(panel => Text(panel, "title") == "How to read this")["panels"]!.AsArray())!;
        Assert.Equal("text", Text(guide, "type"));
        // Grafana numbers dashboards in its own database; a number in the file would be that of one machine.
        Assert.Null(dashboard.Root["id"]);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void No_two_panels_have_the_same_number_or_title(string file)
    {
        Dashboard dashboard = Dashboard.Of(file);
        Assert.Distinct(dashboard.Panels.Select(panel => (int)panel["id"]!));
        Assert.Distinct(dashboard.Panels.Select(panel => Text(panel, "title")));
    }

    /// <summary>Rows of the grid that a screen of 1366 x 768 shows below Grafana's own bar and the line of variables.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void Its_answer_fits_on_the_first_screen_and_the_rest_waits_in_rows(string file)
    {
        const int FirstScreen = 16;
        JsonNode[] outer = [.. Dashboard.Of(file).Root["panels"]!.AsArray()!];
        Assert.All(outer.Where(panel => Text(panel, "type") != "row"), panel => Assert.True(
            (int)panel["gridPos"]!["y"]! + (int)panel["gridPos"]!["h"]! <= FirstScreen, $"{Text(panel, "title")} is below the first screen"));
        Assert.All(outer.Where(panel => Text(panel, "type") == "row"), row => Assert.True((bool)row["collapsed"]!));
        Assert.DoesNotContain("text", outer.Select(panel => Text(panel, "type")));
    }

    /// <summary>At 1366 pixels a column is 54 pixels wide; a letter of a title takes 7.2, borders and the sign of the description 56.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void Every_title_fits_on_its_panel(string file) => Assert.All(Dashboard.Of(file).DataPanels, panel =>
    {
        double room = ((int)panel["gridPos"]!["w"]! * 54) - 56;
        Assert.True(Text(panel, "title").Length * 7.2 <= room, $"{Text(panel, "title")} needs more than {room} pixels");
    });

    [Theory]
    [MemberData(nameof(Files))]
    public void No_two_panels_overlap(string file)
    {
        JsonNode root = Dashboard.Of(file).Root;
        NoneOverlap(root);
        // What a row holds takes its place below it when the row is opened.
        Assert.All(root["panels"]!.AsArray().Where(panel => Text(panel!, "type") == "row"), row => NoneOverlap(row!));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void It_links_to_the_others_and_takes_time_and_variables_along(string file)
    {
        JsonNode link = Assert.Single(Dashboard.Of(file).Root["links"]!.AsArray())!;
        Assert.Equal("dashboards", Text(link, "type"));
        Assert.Equal(["observatory"], link["tags"]!.AsArray().Select(tag => (string)tag!));
        Assert.True((bool)link["keepTime"]! && (bool)link["includeVars"]!);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_link_leads_to_a_dashboard_that_exists_and_keeps_the_time(string file)
    {
        string[] urls = [.. Address().Matches(Dashboard.Of(file).Text).Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(urls);
        Assert.All(urls, url =>
        {
            Assert.Contains(url.Split('?')[0]["/d/".Length..], Dashboard.All.Select(dashboard => dashboard.Uid));
            Assert.Contains("${__url_time_range}", url, StringComparison.Ordinal);
        });
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_variable_is_asked_for_and_every_one_that_is_asked_for_exists(string file)
    {
        Dashboard dashboard = Dashboard.Of(file);
        IEnumerable<string> asked = dashboard.Queries.Concat(dashboard.Marks).SelectMany(query => query.Variables);
        Assert.Equal(
            dashboard.Variables.Select(variable => Text(variable, "name")).Order(),
            asked.Where(name => !name.StartsWith("__", StringComparison.Ordinal)).Append("datasource").Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_documentation_has_its_question_and_a_section(string file)
    {
        JsonNode root = Dashboard.Of(file).Root;
        string document = File.ReadAllText(Built.InRepository("docs/dashboards.md"));
        Assert.Contains($"| {Text(root, "description")} |", document, StringComparison.Ordinal);
        Assert.Contains($"\n## {Text(root, "title")}\n", document, StringComparison.Ordinal);
    }

    /// <summary>A link takes variables along by name, so a name means the same everywhere; only what to compare with differs.</summary>
    [Fact]
    public void Variables_and_marks_are_the_same_on_all_dashboards()
    {
        IEnumerable<(string Name, string Text)> shared =
            from dashboard in Dashboard.All
            from node in dashboard.Variables.Concat(dashboard.Annotations)
            where Text(node, "name") != "window"
            select (Text(node, "name"), node.ToJsonString());
        Assert.All(shared.GroupBy(node => node.Name), same => Assert.Single(same.Select(node => node.Text).Distinct()));
    }

    private static void NoneOverlap(JsonNode holder)
    {
        var taken = new HashSet<(int X, int Y)>();
        foreach (JsonNode panel in holder["panels"]!.AsArray()!)
        {
            JsonNode place = panel["gridPos"]!;
            (int x, int y, int w, int h) = ((int)place["x"]!, (int)place["y"]!, (int)place["w"]!, (int)place["h"]!);
            Assert.True(x + w <= 24, $"{Text(panel, "title")} leaves the grid of 24 columns");
            Assert.All(
                from column in Enumerable.Range(x, w) from row in Enumerable.Range(y, h) select (column, row),
                cell => Assert.True(taken.Add(cell), $"{Text(panel, "title")} overlaps at {cell}"));
        }
    }

    private static string Text(JsonNode node, string property) => (string?)node[property] ?? "";

    [GeneratedRegex("\"url\": \"(/[^\"]+)\"")]
    private static partial Regex Address();
}
