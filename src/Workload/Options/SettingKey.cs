using System.Text;

namespace Observatory.Workload;

/// <summary>One setting with its spelling in each place it can come from.</summary>
/// <param name="Name">Lower case words joined by dashes, for example <c>until-stdin-closes</c>.</param>
/// <param name="ValueName">What help calls the value; null for a flag.</param>
/// <param name="Help">One sentence, with the default.</param>
internal sealed record SettingKey(string Name, string? ValueName, string Help)
{
    /// <summary>Another name that the command line takes; null: none.</summary>
    public string? Alias { get; init; }

    public bool IsFlag => ValueName is null;

    /// <summary>For example <c>--until-stdin-closes</c>.</summary>
    public string Option => $"--{Name}";

    /// <summary>The environment variable without its prefix, for example <c>UNTIL_STDIN_CLOSES</c>.</summary>
    public string Variable => Name.Replace('-', '_').ToUpperInvariant();

    /// <summary>The key in appsettings.json, for example <c>UntilStdinCloses</c>.</summary>
    public string Property =>
        Name.Split('-').Aggregate(new StringBuilder(), Capitalize).ToString();

    private static StringBuilder Capitalize(StringBuilder text, string word) =>
        text.Append(char.ToUpperInvariant(word[0])).Append(word, 1, word.Length - 1);
}
