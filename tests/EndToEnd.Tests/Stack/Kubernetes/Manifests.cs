using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Observatory.EndToEnd.Tests;

/// <summary>What <c>kubectl kustomize</c> makes of a folder of deploy/kubernetes.</summary>
internal sealed partial class Manifests
{
    private const string Program = "kubectl";
    private readonly YamlNode[] _documents;

    private Manifests(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        _documents = [.. stream.Documents.Select(document => document.RootNode)];
    }

    public IEnumerable<string> Kinds => _documents.Select(document => document.Text("kind"));

    /// <summary>The only resource of this kind.</summary>
    public YamlNode this[string kind] => _documents.Single(document => document.Text("kind") == kind);

    public YamlNode Pod => this["StatefulSet"]["spec"]["template"];

    /// <summary>Builds it; skips the test where that is not possible.</summary>
    /// <param name="folder">Of deploy/kubernetes.</param>
    public static async Task<Manifests> BuildAsync(string folder)
    {
        await NeededAsync();
        FinishedProcess built = await RunningProcess.RunAsync(
            Program, ["kustomize", Built.InRepository($"deploy/kubernetes/{folder}")]);
        Assert.True(built.ExitCode == 0, built.Error);
        // A warning says that a newer kustomize will refuse it.
        Assert.Equal("", built.Error);
        return new Manifests(built.Output);
    }

    public YamlNode Container(string name) =>
        ((YamlSequenceNode)Pod["spec"]["containers"]).Single(container => container.Text("name") == name);

    // Up to 1.20, Debian 12's, it has a kustomize of 2019.
    private static async Task NeededAsync()
    {
        const string Reason = "needs kubectl 1.21 or later, for kubectl kustomize";
        Assert.SkipUnless(Programs.Exists(Program), Reason);
        FinishedProcess version = await RunningProcess.RunAsync(Program, ["version", "--client", "--output=json"]);
        Match minor = Minor().Match(version.Output);
        Assert.SkipUnless(minor.Success && int.Parse(minor.Groups[1].ValueSpan, provider: null) >= 21, Reason);
    }

    [GeneratedRegex("""
        "minor": "(\d+)
        """)]
    private static partial Regex Minor();
}
