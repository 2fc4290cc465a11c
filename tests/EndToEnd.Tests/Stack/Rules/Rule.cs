using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Observatory.EndToEnd.Tests;

/// <summary>One rule of prometheus/rules.</summary>
/// <param name="Record">Name of the series that it records; empty when it is an alert.</param>
/// <param name="Alert">Name of the alert; empty when it records.</param>
/// <param name="Expression">PromQL.</param>
/// <param name="Node">The rule as YAML.</param>
internal sealed partial record Rule(string Record, string Alert, string Expression, YamlNode Node)
{
    public const string Folder = "prometheus/rules";

    /// <summary>Every rule, in the order of the files.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        .. from path in Directory.EnumerateFiles(Built.InRepository(Folder), "*.yml").Order()
           from rule in Groups(Path.GetFileName(path)).SelectMany(one => (YamlSequenceNode)one["rules"])
           select new Rule(rule.Text("record"), rule.Text("alert"), rule.Text("expr").Trim(), rule),
    ];

    public static IEnumerable<Rule> Alerts => All.Where(rule => rule.Alert.Length > 0);

    public static IEnumerable<Rule> Recording => All.Where(rule => rule.Record.Length > 0);

    /// <summary>How lists and messages call it: several rules can have one name, and labels that tell them apart.</summary>
    public string Name => $"{Record}{Alert} {string.Join(' ', Distinction)}".TrimEnd();

    /// <summary>What is compared with the limit of an alert.</summary>
    public string WithoutLimit => Limit().Replace(Expression, "");

    /// <summary>The series that it asks for: of programs, or recorded by other rules.</summary>
    public IEnumerable<string> Series => Identifier()
        .Matches(NotSeries().Replace(Expression, " "))
        .Select(match => match.Value)
        .Except(["and", "or", "offset"])
        .Distinct();

    private IEnumerable<string> Distinction => Node.Child("labels") is YamlMappingNode labels
        ? from label in labels where label.Key.ToString() is not "severity" select $"{label.Key}={label.Value}"
        : [];

    /// <summary>The groups of a file.</summary>
    public static IEnumerable<YamlNode> Groups(string file) => (YamlSequenceNode)Yaml.Read($"{Folder}/{file}")["groups"];

    [GeneratedRegex(@"\s*(?:>|<|==)\s*[\d.* ]+$")]
    private static partial Regex Limit();

    // Lists of labels, matchers, windows, text in quotes.
    [GeneratedRegex("""\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)|\{[^}]*\}|\[[^\]]*\]|"[^"]*"|offset \w+|\bunless\b""")]
    private static partial Regex NotSeries();

    // A name that is no function's.
    [GeneratedRegex(@"(?<![\w:.])[a-zA-Z_][\w:]*(?![\w:]*\s*\()")]
    private static partial Regex Identifier();
}
