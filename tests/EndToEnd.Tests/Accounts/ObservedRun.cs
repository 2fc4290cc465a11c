using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>What a finished run of the collector left: its JSON, and the account of every iteration.</summary>
internal sealed record ObservedRun(FinishedProcess Process, JsonNode Json, IReadOnlyList<AccountLine> Accounts)
{
    /// <summary>Two small configurations, so that a run takes seconds.</summary>
    public static readonly string[] SmallStudy = ["--batches", "8", "--sequences", "512", "--dims", "128,256"];

    public JsonNode Source(string name) =>
        Json["sources"]!.AsArray().Single(source => source!["name"]!.GetValue<string>() == name)!;

    public long Iterations => Configurations.Sum(row => row["iterations"]!.GetValue<long>());

    public long Incomplete => Configurations.Sum(row => row["incomplete"]!.GetValue<long>());

    /// <summary>Why accounts are incomplete, with how many each; empty where none is.</summary>
    public string Reasons => string.Join(", ", Accounts
        .SelectMany(account => account.IncompleteBecause)
        .CountBy(reason => reason)
        .Select(pair => $"{pair.Key} {pair.Value}"));

    public IEnumerable<JsonNode> Configurations => Json["configurations"]!.AsArray().Select(row => row!);

    /// <summary>Seconds in a state over all configurations; null where the tier cannot tell.</summary>
    public double? Seconds(string state) => Configurations.Any(row => row["seconds"]![state] is null)
        ? null
        : Configurations.Sum(row => row["seconds"]![state]!.GetValue<double>());

    /// <summary>Runs the collector with the workload as its child until the workload is done.</summary>
    public static async Task<ObservedRun> OfChildAsync(
        IEnumerable<string> workload, IReadOnlyDictionary<string, string?>? environment = null)
    {
        using var file = new TemporaryFile();
        FinishedProcess finished = await RunningProcess.RunAsync(
            Built.Collector,
            ["--json", "--accounts", file.Path, "--port", "0", "--", "--port", "0", .. workload],
            environment);
        return Read(finished, file);
    }

    /// <summary>Reads what a collector printed and wrote.</summary>
    public static ObservedRun Read(FinishedProcess finished, TemporaryFile file)
    {
        Assert.True(finished.ExitCode == 0, $"exit code {finished.ExitCode}: {finished.Error}");
        JsonNode json = JsonNode.Parse(finished.Output)!;
        var run = new ObservedRun(finished, json, [.. File.ReadLines(file.Path).Select(AccountLine.Parse)]);
        run.AssertConsistent();
        return run;
    }

    /// <summary>Whatever was observed: all places count the same accounts as incomplete, and each of those says why.</summary>
    private void AssertConsistent()
    {
        Assert.Equal(Incomplete, Json["timeline"]!["iterations_incomplete"]!.GetValue<long>());
        Assert.Equal(Incomplete, Accounts.Count(account => !account.IsComplete));
        Assert.All(Accounts, account => Assert.Equal(account.IsComplete, account.IncompleteBecause.Count == 0));
    }

    /// <summary>Skips the test where the kernel does not let us see its scheduler.</summary>
    public void NeedsKernelTier() => Assert.SkipUnless(
        Source("kernel")["tier"]!.GetValue<string>() == "kernel",
        $"Needs the kernel tier (root, or CAP_PERFMON and the tracepoint id): {Process.Error}");
}
