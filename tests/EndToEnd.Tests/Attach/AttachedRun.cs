namespace Observatory.EndToEnd.Tests;

/// <summary>Starts targets and collectors that attach to them.</summary>
internal static class AttachedRun
{
    /// <summary>A sweep that ends by itself should the test not end it.</summary>
    public static readonly string[] Sweep = ["sweep", .. ObservedRun.SmallStudy, "--port", "0", "--quiet", "--duration", "5m"];

    public static RunningProcess Start(TemporaryFile file, params string[] how) =>
        RunningProcess.Start(Built.Collector, ["attach", .. how, "--json", "--accounts", file.Path, "--port", "0"]);

    public static Task AccountsAsync(TemporaryFile file) =>
        Eventually.TrueAsync("accounts", () => new FileInfo(file.Path).Length > 0);

    /// <summary>A runtime opens its socket a moment after its process starts.</summary>
    public static Task ListedAsync(int process) => Eventually.TrueAsync(
        "the process in the list", async () => (await ListAsync()).Contains($" {process}  ", StringComparison.Ordinal));

    public static async Task<string> ListAsync()
    {
        FinishedProcess finished = await RunningProcess.RunAsync(Built.Collector, ["attach", "--list"]);
        Assert.Equal((0, ""), (finished.ExitCode, finished.Error));
        return " " + finished.Output.ReplaceLineEndings("\n ");
    }

    public static async Task RefusesAsync(string expected, string program, params string[] arguments)
    {
        FinishedProcess finished = await RunningProcess.RunAsync(program, arguments);
        Assert.Equal((2, ""), (finished.ExitCode, finished.Output));
        string line = Assert.Single(finished.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }
}
