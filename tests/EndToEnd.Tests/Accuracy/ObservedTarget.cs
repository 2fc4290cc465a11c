using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>
/// TruthTarget with a collector attached to it. It begins with its iterations when a collector listens, so none is missed.
/// </summary>
internal sealed class ObservedTarget : IAsyncDisposable
{
    private readonly TemporaryFile _accounts = new();
    private readonly long _stolenBefore = StolenTime.Read();

    private ObservedTarget(string[] arguments, int? cpu) => Target = cpu is { } only
        ? RunningProcess.Start("taskset", ["-c", $"{only}", Built.TruthTarget, .. arguments])
        : RunningProcess.Start(Built.TruthTarget, arguments);

    /// <summary>The program that is observed.</summary>
    public RunningProcess Target { get; }

    /// <summary>The collector that observes it.</summary>
    public RunningProcess Collector { get; private set; } = null!;

    /// <summary>Where the collector serves its metrics.</summary>
    public Uri Metrics { get; private set; } = null!;

    /// <param name="arguments">Options of TruthTarget.</param>
    public static Task<ObservedTarget> StartAsync(params string[] arguments) => StartAsync(cpu: null, arguments);

    /// <param name="cpu">The only CPU it may use; null for all.</param>
    /// <param name="arguments">Options of TruthTarget.</param>
    public static async Task<ObservedTarget> StartAsync(int? cpu, string[] arguments)
    {
        var observed = new ObservedTarget(arguments, cpu);
        try
        {
            await observed.AttachAsync();
            return observed;
        }
        catch
        {
            await observed.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the collector has written accounts.</summary>
    public Task HasAccountsAsync() => Eventually.TrueAsync(
        "accounts",
        () => new FileInfo(_accounts.Path).Length > 0);

    /// <summary>Waits for the end of both and puts what they say side by side.</summary>
    public async Task<TruthRun> WaitAsync()
    {
        FinishedProcess told = await Target.WaitAsync(Limits.Condition);
        Assert.True(told.ExitCode == 0, $"exit code {told.ExitCode}: {told.Error}");
        ObservedRun run = ObservedRun.Read(await Collector.WaitAsync(Limits.Condition), _accounts);
        long stolen = StolenTime.Read() - _stolenBefore;
        JsonNode[] lines = [.. told.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
        long written = lines[^1]["iterations_written"]!.GetValue<long>();
        return new TruthRun(run, [.. lines.SkipLast(1).Select(TruthLine.Parse)], written, stolen);
    }

    public async ValueTask DisposeAsync()
    {
        await Target.DisposeAsync();
        if (Collector is not null) await Collector.DisposeAsync();
        _accounts.Dispose();
    }

    private async Task AttachAsync()
    {
        // The runtime opens its diagnostics socket a moment after the process starts.
        await Eventually.TrueAsync(
            "the diagnostics socket",
            () => Directory.GetFiles(Path.GetTempPath(), $"dotnet-diagnostic-{Target.Id}-*").Length > 0);
        int port = FreePort.Next();
        Metrics = new Uri($"http://127.0.0.1:{port}/metrics");
        Collector = RunningProcess.Start(
            Built.Collector,
            ["attach", "--pid", $"{Target.Id}", "--json", "--accounts", _accounts.Path, "--port", $"{port}"]);
    }
}
