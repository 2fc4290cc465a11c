using System.Text;
using YamlDotNet.RepresentationModel;

namespace Observatory.EndToEnd.Tests;

/// <summary>The operator reads rules from a resource of its own, which is written from prometheus/rules.</summary>
public sealed class PrometheusRuleTests
{
    private const string Rewrite = "OBSERVATORY_REWRITE_DOCS";
    private const string Groups = "groups:\n";
    private const string Head = $"""
        # Written from prometheus/rules by tests/EndToEnd.Tests ({Rewrite}=1): kustomize reads nothing outside its folder.
        apiVersion: monitoring.coreos.com/v1
        kind: PrometheusRule
        metadata:
          name: observatory
        spec:
          groups:

        """;

    [Fact]
    public void The_resource_has_the_rules_of_prometheus()
    {
        string path = Built.InRepository("deploy/kubernetes/base/prometheusrule.yaml");
        string expected = Head + string.Concat(Directory.EnumerateFiles(Built.InRepository(Rule.Folder), "*.yml").Order().Select(Indented));
        if (Environment.GetEnvironmentVariable(Rewrite) == "1") File.WriteAllText(path, expected);
        Assert.True(File.ReadAllText(path) == expected, $"{path} is stale: run this test with {Rewrite}=1 to rewrite it.");
    }

    [Fact]
    public void Nothing_is_lost_on_the_way() => Assert.Equal(
        Rule.All.Select(rule => rule.Node),
        ((YamlSequenceNode)Yaml.Read("deploy/kubernetes/base/prometheusrule.yaml")["spec"]["groups"])
            .SelectMany(one => (YamlSequenceNode)one["rules"]));

    // All groups of a file, with their comments.
    private static string Indented(string path)
    {
        string text = File.ReadAllText(path);
        var result = new StringBuilder();
        foreach (string line in text[(text.IndexOf(Groups, StringComparison.Ordinal) + Groups.Length)..].Split('\n')[..^1])
            result.Append(line.Length > 0 ? "  " : "").Append(line).Append('\n');
        return result.ToString();
    }
}
