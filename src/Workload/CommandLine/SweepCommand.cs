using System.CommandLine;

namespace Observatory.Workload;

/// <summary>
/// The <c>sweep</c> command. It only carries text: the values are checked where all their sources meet.
/// </summary>
internal static class SweepCommand
{
    public static Command Create(Func<SweepOptions, Task<int>> run)
    {
        var command = new Command("sweep", Description);
        List<Option> options = [.. SettingKeys.All.Select(ToOption)];
        options.ForEach(command.Add);
        command.SetAction(parsed => run(SweepOptionsReader.Read(SettingLayers.Standard(Given(parsed, options)))));
        return command;
    }

    private const string Description =
        "Run the configurations of the study one after the other, pass after pass, until told to stop. "
        + "Results go to standard output, progress to standard error. "
        + "Every option can also be set as WORKLOAD_NAME in the environment (WORKLOAD_BATCHES=8,16) "
        + "or in section Workload of appsettings.json; the command line comes first, then the environment.";

    private static Option ToOption(SettingKey key)
    {
        string[] aliases = key.Alias is { } alias ? [alias] : [];
        return key.IsFlag
            ? new Option<bool>(key.Option, aliases) { Description = key.Help, Arity = ArgumentArity.ZeroOrOne }
            : new Option<string>(key.Option, aliases) { Description = key.Help, HelpName = key.ValueName };
    }

    /// <summary>What was written on the command line, by option; what was not written is absent.</summary>
    private static Dictionary<string, string?> Given(ParseResult parsed, IEnumerable<Option> options) =>
        options
            .Where(option => parsed.GetResult(option) is { Implicit: false })
            .ToDictionary(option => option.Name, option => Text(parsed, option));

    private static string? Text(ParseResult parsed, Option option) => option is Option<bool> flag
        ? parsed.GetValue(flag).ToString()
        : parsed.GetValue((Option<string>)option);
}
