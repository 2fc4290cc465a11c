using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>A dashboard as it is in the repository.</summary>
internal sealed record Dashboard(string File, string Text, JsonNode Root)
{
    private const string Folder = "grafana/dashboards";

    /// <summary>Every dashboard, by name of its file.</summary>
    public static IReadOnlyList<Dashboard> All { get; } =
    [
        .. Directory.EnumerateFiles(Built.InRepository(Folder), "*.json").Order().Select(Read),
    ];

    /// <summary>A row for each file, for tests of dashboards one by one.</summary>
    public static TheoryData<string> Files => [.. All.Select(dashboard => dashboard.File)];

    public string Uid => (string)Root["uid"]!;

    /// <summary>The panels, those inside rows included.</summary>
    public IEnumerable<JsonNode> Panels => PanelsOf(Root);

    public IEnumerable<JsonNode> Variables => Root["templating"]!["list"]!.AsArray()!;

    /// <summary>Marks on the time axis, without the built-in ones.</summary>
    public IEnumerable<JsonNode> Annotations =>
        Root["annotations"]!["list"]!.AsArray().Where(annotation => annotation!["builtIn"] is null)!;

    /// <summary>The panels that show data.</summary>
    public IEnumerable<JsonNode> DataPanels => Panels.Where(panel => (string)panel["type"]! is not ("text" or "row"));

    /// <summary>Every query that a panel makes.</summary>
    public IEnumerable<PanelQuery> Queries => DataPanels.SelectMany(QueriesOf);

    /// <summary>The query of each annotation.</summary>
    public IEnumerable<PanelQuery> Marks =>
        from annotation in Annotations
        let legend = $"{annotation["titleFormat"]} {annotation["textFormat"]}"
        select new PanelQuery(
            Uid, (string)annotation["name"]!, "mark", (string)annotation["target"]!["expr"]!, legend, IsInstant: false);

    public static Dashboard Of(string file) => All.Single(dashboard => dashboard.File == file);

    /// <summary>The queries of one of its panels.</summary>
    public IEnumerable<PanelQuery> QueriesOf(JsonNode panel) =>
        from target in panel["targets"]!.AsArray()
        select new PanelQuery(
            Uid,
            (string)panel["title"]!,
            (string)target["refId"]!,
            (string)target["expr"]!,
            (string)target["legendFormat"]!,
            (bool)target["instant"]!);

    private static Dashboard Read(string path)
    {
        string text = System.IO.File.ReadAllText(path);
        return new Dashboard(Path.GetFileName(path), text, JsonNode.Parse(text)!);
    }

    private static IEnumerable<JsonNode> PanelsOf(JsonNode holder) =>
        (holder["panels"]?.AsArray() ?? []).SelectMany(panel => PanelsOf(panel!).Prepend(panel!));
}
