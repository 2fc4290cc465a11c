using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.CompilerServices;
using System.Text;

namespace Observatory.Tests.Shared;

/// <summary>docs/commands.md: a section for each command of a program, which is written by the tests that check it.</summary>
internal static class CommandsDocument
{
    private const string Rewrite = "OBSERVATORY_REWRITE_DOCS";
    private const string End = "<!-- end -->";

    /// <summary>Fails when a program's part is not what its commands say; writes it where that is asked for.</summary>
    /// <param name="program">What a person types, without its command; also the name of the part.</param>
    /// <param name="root">All its commands.</param>
    public static void Check(string program, RootCommand root)
    {
        string text = File.ReadAllText(Location());
        string begin = $"<!-- generated: {program} -->\n";
        int from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        Assert.True(from >= begin.Length, $"docs/commands.md has no part for {program}");
        int to = text.IndexOf(End, from, StringComparison.Ordinal);
        var part = new StringBuilder();
        Write(part, program, root, new Dictionary<string, string>());
        if (Environment.GetEnvironmentVariable(Rewrite) == "1") File.WriteAllText(Location(), text[..from] + part + text[to..]);
        else Assert.True(text[from..to] == part.ToString(), $"docs/commands.md is stale: run this test with {Rewrite}=1 to rewrite it. It should say:\n{part}");
    }

    /// <summary>One section; options that stand in the section above already are named only.</summary>
    private static void Write(StringBuilder part, string path, Command command, Dictionary<string, string> above)
    {
        part.Append($"### `{path}{string.Concat(command.Arguments.Select(Placeholder))}`\n{command.Description}\n\n");
        Option[] options = [.. command.Options.Where(IsOwn)];
        Option[] known = [.. options.Where(option => above.TryGetValue(option.Name, out string? meaning) && meaning == option.Description)];
        string[] rows =
        [
            .. command.Arguments.Select(argument => Row(argument.Name, argument.Description, "")),
            .. options.Except(known).Select(option => Row(Spelling(option), option.Description, Default(option))),
        ];
        if (rows.Length > 0) part.Append($"| option | meaning | default |\n|---|---|---|\n{string.Concat(rows)}\n");
        if (known.Length > 0 && known.Length == above.Count) part.Append("Also takes every option of the command above.\n\n");
        else if (known.Length > 0) part.Append($"Also takes {string.Join(", ", known.Select(option => $"`{option.Name}`"))}, as above.\n\n");
        Dictionary<string, string> mine = options.ToDictionary(option => option.Name, option => option.Description ?? "");
        foreach (Command below in command.Subcommands) Write(part, $"{path} {below.Name}", below, mine);
    }

    private static string Row(string name, string? meaning, string standard) =>
        $"| {Cell($"`{name}`")} | {Cell(meaning ?? "")} | {(standard.Length > 0 ? Cell($"`{standard}`") : "")} |\n";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static bool IsOwn(Option option) => !option.Hidden && option is not (HelpOption or VersionOption);

    private static string Placeholder(Argument argument) => argument.Arity.MinimumNumberOfValues == 0
        ? $" [{argument.Name}]"
        : $" {argument.Name}";

    private static string Spelling(Option option)
    {
        string value = option.ValueType == typeof(bool) ? "" : $" {(option.HelpName ?? "value").ToUpperInvariant()}";
        return option.Name + value + string.Concat(option.Aliases.Select(alias => $", {alias}"));
    }

    private static string Default(Option option) =>
        option.HasDefaultValue && option.ValueType != typeof(bool) && option.GetDefaultValue() is { } value ? $"{value}" : "";

    private static string Location([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "commands.md"));
}
