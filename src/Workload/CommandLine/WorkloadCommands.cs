using System.CommandLine;
using System.Net;
using Observatory.Hosting;

namespace Observatory.Workload;

/// <summary>The commands: <c>sweep</c>, <c>health</c>, <c>report</c> and <c>compare</c>.</summary>
internal static class WorkloadCommands
{
    public static RootCommand Create(Func<SweepOptions, Task<int>> sweep) =>
        new("A sweep of tensor operations that marks its iterations for an observer.")
        {
            SweepCommand.Create(sweep),
            HealthCommand.Create(),
            ReportCommand.Create(),
            CompareCommand.Create(),
        };
}

/// <summary>The <c>health</c> command: asks a sweep that runs already. It reads the same settings, so it finds it.</summary>
internal static class HealthCommand
{
    public static Command Create()
    {
        Option<string> listen = ToOption(SettingKeys.Listen);
        Option<string> port = ToOption(SettingKeys.Port);
        var command = new Command("health", "Check whether a running sweep is healthy: exit code 0 or 1.")
        {
            listen, port,
        };
        command.SetAction(parsed => HealthProbe.AskAsync(Endpoint(Given(parsed, listen, port))));
        return command;
    }

    private static Option<string> ToOption(SettingKey key) =>
        new(key.Option) { Description = key.Help, HelpName = key.ValueName };

    private static Dictionary<string, string?> Given(ParseResult parsed, params Option<string>[] options) =>
        options
            .Where(option => parsed.GetResult(option) is { Implicit: false })
            .ToDictionary(option => option.Name, parsed.GetValue);

    private static IPEndPoint Endpoint(Dictionary<string, string?> given) =>
        SweepOptionsReader.Read(SettingLayers.Standard(given)).Endpoint
        ?? throw new UsageException("The sweep serves no metrics (no-metrics is set), so it cannot be asked.");
}
