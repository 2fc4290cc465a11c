using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Observatory.EndToEnd.Tests;

/// <summary>The images are built from what the projects reference, and from nothing else.</summary>
public sealed partial class DockerfileTests
{
    [Theory]
    [InlineData("workload", "Workload")]
    [InlineData("collector", "Collector")]
    [InlineData("webapi", "WebApi")]
    public void It_copies_each_referenced_project_first_what_decides_about_packages_then_sources(string image, string project)
    {
        string text = Read(image);
        string[] needed = [.. References(project).Order()];
        Assert.Equal(needed, ProjectCopy().Matches(text).Select(match => match.Groups["name"].Value).Order());
        Assert.Equal(needed, SourceCopy().Matches(text).Select(match => match.Groups["name"].Value).Order());
        string beforeRestore = text[..text.IndexOf("dotnet restore", StringComparison.Ordinal)];
        Assert.All(needed.SelectMany(Imports), import => Assert.Contains($"\nCOPY {import} ", beforeRestore, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("workload")]
    [InlineData("collector")]
    [InlineData("webapi")]
    public void A_change_of_sources_does_not_repeat_the_restore(string image)
    {
        string text = Read(image);
        int restore = text.IndexOf("dotnet restore", StringComparison.Ordinal);
        Assert.InRange(restore, ProjectCopy().Matches(text)[^1].Index, SourceCopy().Matches(text)[0].Index);
        Assert.Contains("--locked-mode", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("workload")]
    [InlineData("collector")]
    [InlineData("webapi")]
    public void It_ends_with_the_runtime_alone_and_asks_itself_how_it_is(string image)
    {
        string text = Read(image);
        string[] bases = [.. text.Split('\n').Where(line => line.StartsWith("FROM ", StringComparison.Ordinal))];
        Assert.Equal(["FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build", "FROM mcr.microsoft.com/dotnet/aspnet:10.0"], bases);
        Assert.Contains("\"health\"]", text, StringComparison.Ordinal);
    }

    /// <summary>The project and all that it references, by way of others too; what it only builds along is another image.</summary>
    private static HashSet<string> References(string project)
    {
        HashSet<string> found = [project];
        foreach (XElement reference in Load(project).Descendants("ProjectReference"))
        {
            if ((string?)reference.Attribute("ReferenceOutputAssembly") == "false") continue;
            found.UnionWith(References(Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!)));
        }

        return found;
    }

    /// <summary>Files beside a project that it is made of, too.</summary>
    private static IEnumerable<string> Imports(string project) =>
        Load(project).Descendants("Import").Select(import => $"{FolderOf(project)}/{(string)import.Attribute("Project")!}");

    private static XDocument Load(string project) => XDocument.Load(Built.InRepository($"{FolderOf(project)}/{project}.csproj"));

    private static string FolderOf(string project) => $"{(project == "WebApi" ? "examples" : "src")}/{project}";

    private static string Read(string image) => File.ReadAllText(Built.InRepository($"docker/{image}.Dockerfile"));

    [GeneratedRegex("^COPY (?<folder>src|examples)/(?<name>[A-Za-z]+)/\\k<name>[.]csproj \\k<folder>/\\k<name>/packages[.]lock[.]json \\k<folder>/\\k<name>/$", RegexOptions.Multiline)]
    private static partial Regex ProjectCopy();

    [GeneratedRegex("^COPY (?<folder>src|examples)/(?<name>[A-Za-z]+) \\k<folder>/\\k<name>$", RegexOptions.Multiline)]
    private static partial Regex SourceCopy();
}
