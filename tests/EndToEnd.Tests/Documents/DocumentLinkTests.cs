using System.Text.RegularExpressions;

namespace Observatory.EndToEnd.Tests;

/// <summary>The pages name only files and folders that exist.</summary>
public sealed partial class DocumentLinkTests
{
    /// <summary>Where a path in a page may begin, beside the root of the repository.</summary>
    private static readonly string[] Roots = ["", "src", "src/Collector", "src/Timeline", "src/Kernel", "src/Study", "src/Workload", "tests"];

    [Fact]
    public void Every_link_leads_to_a_file() => Assert.Empty(
        from page in Pages()
        from Match link in Link().Matches(File.ReadAllText(page))
        let target = link.Groups["target"].Value
        where !target.Contains("://", StringComparison.Ordinal)
        let path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, target))
        where !Path.Exists(path)
        select $"{Path.GetRelativePath(Built.Repository, page)}: {target}");

    [Fact]
    public void Every_path_in_code_marks_exists() => Assert.Empty(
        from page in Pages()
        from Match mention in SourcePath().Matches(File.ReadAllText(page))
        let path = mention.Groups["path"].Value.TrimEnd('/')
        where !Roots.Any(root => Exists(Path.Combine(Built.Repository, root, path)))
        select $"{Path.GetRelativePath(Built.Repository, page)}: {path}");

    // A class may be named without the ending of its file.
    private static bool Exists(string path) => Path.Exists(path) || File.Exists($"{path}.cs");

    /// <summary>All pages but those that tell of the past: decisions and the changelog.</summary>
    private static IEnumerable<string> Pages() =>
        Directory.EnumerateFiles(Built.Repository, "*.md", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 4 })
            .Where(page => !Outside().IsMatch(Path.GetRelativePath(Built.Repository, page)));

    [GeneratedRegex(@"^(artifacts/|CHANGELOG|docs/adr/)|node_modules/")]
    private static partial Regex Outside();

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)(#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`(?<path>(src|tests|benchmarks|docs|docker|prometheus|grafana|deploy|Collector|Timeline|Kernel|Study|Workload|Contract|Hosting|Sources|Outputs|Pipeline|Observing|Doctor|Target|Counters|Units|Threads)/[\w/.\-]+)`")]
    private static partial Regex SourcePath();
}
