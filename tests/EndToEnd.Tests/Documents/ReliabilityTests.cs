using System.Text.RegularExpressions;

namespace Observatory.EndToEnd.Tests;

/// <summary>The page of faults names a test in every row, and every test that it names exists.</summary>
public sealed partial class ReliabilityTests
{
    private const int FewestRows = 60;

    private static readonly Lazy<Dictionary<string, string>> Classes = new(() => Directory
        .EnumerateFiles(Path.Combine(Built.Repository, "tests"), "*.cs", SearchOption.AllDirectories)
        .Select(File.ReadAllText)
        .SelectMany(text => Class().Matches(text).Select(found => (found.Groups["name"].Value, text)))
        .GroupBy(one => one.Value)
        .ToDictionary(group => group.Key, group => string.Concat(group.Select(one => one.text))));

    [Fact]
    public void Every_test_that_is_named_exists() => Assert.Empty(
        from row in Rows()
        from Match named in Named().Matches(row[^1])
        where !Classes.Value.TryGetValue(named.Groups["class"].Value, out string? text)
            || !text.Contains($" {named.Groups["method"].Value}", StringComparison.Ordinal)
        select named.Value);

    [Fact]
    public void Every_row_names_a_test_or_says_that_it_was_done_by_hand()
    {
        string[][] rows = [.. Rows()];
        Assert.True(rows.Length >= FewestRows, $"{rows.Length} rows");
        Assert.Empty(
            from row in rows
            where row[^1].Trim() != "as above" && !row[^1].Contains("`prometheus/tests`", StringComparison.Ordinal)
                && !Named().IsMatch(row[^1]) && !row[^2].Contains("by hand", StringComparison.Ordinal)
            select string.Join('|', row));
    }

    private static IEnumerable<string[]> Rows() => File.ReadLines(Built.InRepository("docs/reliability.md"))
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| situation", StringComparison.Ordinal))
        .Select(line => line.Trim('|').Split('|'));

    [GeneratedRegex(@"`(?<class>\w+(Tests|Stories|Properties))(\.(?<method>\w+))?`")]
    private static partial Regex Named();

    [GeneratedRegex(@"class (?<name>\w+(Tests|Stories|Properties))\b")]
    private static partial Regex Class();
}
