using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Observatory.Contract.Tests;

/// <summary>One name means one thing in all of src/ (docs/adr/0007): a search finds what is meant, and nothing else.</summary>
public sealed partial class TypeNameTests
{
    [Fact]
    public void No_two_types_have_one_name()
    {
        var declared = Directory.EnumerateFiles(Source(), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Declaration().Matches(File.ReadAllText(file)).Select(found => (
                Name: found.Groups["name"].Value, IsPart: found.Groups["partial"].Success, File: Path.GetRelativePath(Source(), file))))
            .ToList();

        Assert.True(declared.Count > 500, $"only {declared.Count} declarations were found in {Source()}");
        Assert.Empty(declared.GroupBy(type => type.Name)
            .Where(types => types.Count() > 1 && !types.All(type => type.IsPart))
            .Select(types => $"{types.Key}: {string.Join(", ", types.Select(type => type.File))}"));
    }

    [GeneratedRegex(
        @"^ *(?:(?:public|internal|private|protected|file|static|sealed|abstract|readonly|ref|unsafe|new|(?<partial>partial)) )*(?:record struct|record|class|struct|enum|interface) (?<name>[A-Z]\w*(?:<\w+>)?)",
        RegexOptions.Multiline)]
    private static partial Regex Declaration();

    private static string Source([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "src"));
}
