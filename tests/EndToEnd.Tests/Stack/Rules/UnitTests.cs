using YamlDotNet.RepresentationModel;

namespace Observatory.EndToEnd.Tests;

/// <summary>The files that <c>promtool test rules</c> runs.</summary>
internal static class UnitTests
{
    private const string Folder = "prometheus/tests";

    public static IEnumerable<string> Files => Directory.EnumerateFiles(Built.InRepository(Folder), "*.yml").Order();

    /// <summary>At some time of some story an alert fires, or it does not.</summary>
    public static IEnumerable<(string Alert, bool Fires)> Cases =>
        from one in Items("alert_rule_test")
        select (one.Text("alertname"), one.Child("exp_alerts") is YamlSequenceNode { Children.Count: > 0 });

    /// <summary>Queries whose values are compared.</summary>
    public static IEnumerable<string> Queries => Items("promql_expr_test").Select(one => one.Text("expr"));

    private static IEnumerable<YamlNode> Items(string kind) =>
        from file in Files
        from story in (YamlSequenceNode)Yaml.Read($"{Folder}/{Path.GetFileName(file)}")["tests"]
        from item in story.Child(kind) as YamlSequenceNode ?? []
        select item;
}
