using System.Text.Json.Nodes;
using Observatory.EndToEnd.Tests.Infrastructure;

namespace Observatory.EndToEnd.Tests.Stack;

/// <summary>A dashboard as it is in the repository.</summary>
internal sealed record Dashboard(string File, string Text, JsonNode Root)
{
    private const string Folder = "grafana/dashboards";

    /// <summary>Every dashboard, by name of its file.</summary>
    public static IReadOnlyList<Dashboard> All { get; } =
    [
        .. Directory.EnumerateFiles(Built.InRepository(Folder), "*.json").Order().Select(Read),
    ];

    public string Uid => (string)Root["uid"]!;

    /// <summary>The panels, those inside rows included.</summary>
    public IEnumerable<JsonNode> Panels => PanelsOf(Root);

    public IEnumerable<JsonNode> Variables => Root["templating"]!["list"]!.AsArray()!;

    /// <summary>The panels that show data.</summary>
    public IEnumerable<JsonNode> DataPanels => Panels.Where(panel => (string)panel["type"]! is not ("text" or "row"));

    /// <summary>Every query that a panel makes.</summary>
    public IEnumerable<PanelQuery> Queries =>
        from panel in DataPanels
        from target in panel["targets"]!.AsArray()
        select new PanelQuery(Uid, (string)panel["title"]!, (string)target["refId"]!, (string)target["expr"]!);

    private static Dashboard Read(string path)
    {
        string text = System.IO.File.ReadAllText(path);
        return new Dashboard(Path.GetFileName(path), text, JsonNode.Parse(text)!);
    }

    private static IEnumerable<JsonNode> PanelsOf(JsonNode holder) =>
        (holder["panels"]?.AsArray() ?? []).SelectMany(panel => PanelsOf(panel!).Prepend(panel!));
}
