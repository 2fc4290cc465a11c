using System.CommandLine;
using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>The commands: observe the workload (no command), <c>attach</c>, <c>record</c>, <c>soak</c>, <c>doctor</c>, <c>health</c>, <c>why</c>.</summary>
internal static class Commands
{
    private const string Description =
        "Shows where the wall time of every iteration of a workload went. "
        + "Without a command: starts the workload, observes it, shows a live table and serves metrics. "
        + "What follows -- goes to the workload (-- --batches 8,16 --once).";

    public static RootCommand Create(
        string[] workload, Func<ObserveOptions, Task<int>> observe, Func<bool, int> list, Func<bool, int?, int> diagnose)
    {
        var options = new ObserveCommandOptions();
        var root = new RootCommand(Description) { new AttachCommand().Create(workload, observe, list), new RecordCommand().Create(workload, observe), new SoakCommand().Create(workload, observe), Doctor(diagnose), Health(), WhyCommand.Create() };
        options.AddTo(root);
        root.SetAction(parsed => observe(options.Read(parsed) with { WorkloadArguments = workload }));
        return root;
    }

    private static Command Doctor(Func<bool, int?, int> diagnose)
    {
        var json = new Option<bool>("--json") { Description = "Print the findings as one JSON object." };
        var pid = new Option<int?>("--pid")
        {
            Description = "Also show what this process may use (nice, class, affinity, quota), what takes time from it, and whether a session on it can be opened.",
            HelpName = "n",
        };
        var doctor = new Command(
            "doctor", "Show what each source can see here, what it lacks, and what would change that.") { json, pid };
        doctor.SetAction(parsed => diagnose(parsed.GetValue(json), parsed.GetValue(pid)));
        return doctor;
    }

    private static Command Health()
    {
        var options = new ObserveCommandOptions();
        var health = new Command("health", "Check whether a running collector is healthy: exit code 0 or 1.");
        options.AddEndpointTo(health);
        health.SetAction(parsed => HealthProbe.AskAsync(options.ReadEndpoint(parsed)));
        return health;
    }
}

/// <summary>Where our own arguments end and those of the workload begin.</summary>
internal static class WorkloadArguments
{
    private const string Separator = "--";

    /// <summary>Splits at the first <c>--</c>; everything behind it goes to the workload as it is.</summary>
    public static (string[] Own, string[] Workload) Split(string[] arguments)
    {
        int separator = Array.IndexOf(arguments, Separator);
        return separator < 0 ? (arguments, []) : (arguments[..separator], arguments[(separator + 1)..]);
    }
}
