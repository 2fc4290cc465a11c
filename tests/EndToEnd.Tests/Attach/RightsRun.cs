using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>A collector with some rights that watches a target with some rights, which keeps its own books.</summary>
internal static class RightsRun
{
    /// <summary>Iterations of a few milliseconds each: part computing, part blocked.</summary>
    public const int Iterations = 300;

    /// <param name="target">The rights of the target.</param>
    /// <param name="collector">The rights of the collector.</param>
    /// <param name="options">More options of the collector.</param>
    public static Task<TruthRun> OfAsync(Rights target, Rights collector, params string[] options) =>
        OfAsync(target, collector, ["--iterations", $"{Iterations}"], options);

    /// <param name="target">The rights of the target.</param>
    /// <param name="collector">The rights of the collector.</param>
    /// <param name="work">What the target does.</param>
    /// <param name="options">More options of the collector.</param>
    public static async Task<TruthRun> OfAsync(Rights target, Rights collector, string[] work, string[] options)
    {
        using var file = new TemporaryFile();
        File.SetUnixFileMode(file.Path, (UnixFileMode)0b110_110_110);
        long stolenBefore = StolenTime.Read();
        await using RunningProcess observed = target.Start(Built.TruthTarget, work);
        // The runtime opens its diagnostics socket a moment after the process starts.
        await Eventually.TrueAsync(
            "the diagnostics socket",
            () => Directory.GetFiles(Path.GetTempPath(), $"dotnet-diagnostic-{observed.Id}-*").Length > 0);
        await using RunningProcess observer = collector.Start(
            Built.Collector, ["attach", "--pid", $"{observed.Id}", "--json", "--accounts", file.Path, "--port", "0", .. options]);
        FinishedProcess told = await observed.WaitAsync(Limits.Condition);
        Assert.True(told.ExitCode == 0, $"exit code {told.ExitCode}: {told.Error}");
        ObservedRun run = ObservedRun.Read(await observer.WaitAsync(Limits.Condition), file);
        return TruthRun.Of(run, told.Output, stolenBefore);
    }

    /// <summary>The tier that `doctor` promises with some rights.</summary>
    public static async Task<string> DoctorsTierAsync(Rights rights) =>
        (await DoctorAsync(rights))["tier"]!.GetValue<string>();

    /// <summary>What `doctor` says about the kernel source with some rights.</summary>
    public static async Task<JsonNode> DoctorAsync(Rights rights)
    {
        FinishedProcess finished = await rights.RunAsync(Built.Collector, "doctor", "--json");
        return JsonNode.Parse(finished.Output)!["sources"]!.AsArray().Single(source => source!["name"]!.GetValue<string>() == "kernel")!;
    }
}
