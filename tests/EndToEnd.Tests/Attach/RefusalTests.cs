using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>Processes that cannot be observed: one line that says why and what would change it, exit code 2.</summary>
public sealed class RefusalTests
{
    // They wait to be observed, and are ended by the tests.
    private static readonly string[] Waiting = ["--iterations", "1"];

    [Fact]
    public async Task Of_another_user()
    {
        await Rights.NeedsToDropThemAsync();
        await using RunningProcess target = RunningProcess.Start(Built.TruthTarget, Waiting);
        await AttachedRun.ListedAsync(target.Id);
        await RefusesAsync(Rights.Nobody, target.Id, "belongs to user 0; this is user 65534", "as that user or as root");
    }

    [Fact]
    public async Task With_diagnostics_disabled()
    {
        await using RunningProcess target = RunningProcess.Start(
            Built.TruthTarget, Waiting, new Dictionary<string, string?> { ["DOTNET_EnableDiagnostics"] = "0" });
        // Before its runtime is loaded it is not a .NET process yet.
        await Eventually.TrueAsync(
            "the runtime", () => File.ReadAllText($"/proc/{target.Id}/maps").Contains("libcoreclr", StringComparison.Ordinal));
        await RefusesAsync(Rights.Own, target.Id, "diagnostics are disabled", "Start it without DOTNET_EnableDiagnostics=0");
    }

    [Fact]
    public async Task Without_dotnet()
    {
        await using RunningProcess target = RunningProcess.Start("sleep", ["600"]);
        await RefusesAsync(Rights.Own, target.Id, "is not a .NET process", "attach --list");
        // One that was compiled ahead of time looks the same from outside.
        await RefusesAsync(Rights.Own, target.Id, "compiled ahead of time (NativeAOT)", "<EventSourceSupport>true</EventSourceSupport>");
    }

    /// <summary>A program that has the runtime in its own file is known by the names that the runtime gives to threads.</summary>
    [Fact]
    public async Task Compiled_ahead_of_time_with_its_diagnostics_disabled()
    {
        await using RunningProcess target = RunningProcess.Start(
            "sh",
            ["-c", "printf '.NET Finalizer' > /proc/$$/comm; trap 'kill $!' TERM; sleep 600 & echo named; wait"],
            new Dictionary<string, string?> { ["DOTNET_EnableDiagnostics"] = "0" });
        await Eventually.TrueAsync("its name", () => target.Output.Contains("named", StringComparison.Ordinal));
        await RefusesAsync(Rights.Own, target.Id, "is a .NET process whose diagnostics are disabled", "DOTNET_EnableDiagnostics=0");
    }

    [Fact]
    public async Task That_is_no_more()
    {
        RunningProcess target = RunningProcess.Start(Built.TruthTarget, Waiting);
        int id = target.Id;
        await using (target) await AttachedRun.ListedAsync(id);
        await RefusesAsync(Rights.Own, id, "There is no process", "attach --list");
    }

    [Fact]
    public async Task What_the_list_says_about_a_process_is_true_in_json_too()
    {
        await using RunningProcess target = RunningProcess.Start(Built.TruthTarget, Waiting);
        await AttachedRun.ListedAsync(target.Id);
        FinishedProcess finished = await RunningProcess.RunAsync(Built.Collector, ["attach", "--list", "--json"]);
        Assert.Equal((0, ""), (finished.ExitCode, finished.Error));
        JsonNode listed = JsonNode.Parse(finished.Output)!["processes"]!.AsArray()
            .Single(process => process!["pid"]!.GetValue<int>() == target.Id)!;
        Assert.Equal("Observatory.TruthTarget", listed["name"]!.GetValue<string>());
        Assert.Equal(Environment.Version.ToString(), listed["runtime_version"]!.GetValue<string>());
        Assert.Equal(Environment.IsPrivilegedProcess, listed["user_id"]!.GetValue<long>() == 0);
        Assert.InRange(listed["uptime_seconds"]!.GetValue<double>(), 0, Limits.Condition.TotalSeconds);
    }

    private static async Task RefusesAsync(Rights rights, int target, string why, string remedy)
    {
        FinishedProcess finished = await rights.RunAsync(Built.Collector, "attach", "--pid", $"{target}", "--port", "0");
        Assert.Equal((2, ""), (finished.ExitCode, finished.Output));
        string line = Assert.Single(finished.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains($"process {target}", line, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(why, line, StringComparison.Ordinal);
        Assert.Contains(remedy, line, StringComparison.Ordinal);
    }
}
