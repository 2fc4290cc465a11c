namespace Observatory.EndToEnd.Tests;

/// <summary>A target that keeps its runtime busy, observed from its first instruction on.</summary>
internal sealed class ObservedChurn : IAsyncDisposable
{
    private ObservedChurn(RunningProcess collector, RunningProcess target, Uri metrics) =>
        (Collector, Target, Metrics) = (collector, target, metrics);

    public RunningProcess Collector { get; }

    /// <summary>Where the collector shows its metrics.</summary>
    public Uri Metrics { get; }

    public RunningProcess Target { get; }

    /// <summary>Starts both.</summary>
    /// <param name="modes">What the target does.</param>
    /// <param name="options">Options of the collector.</param>
    public static Task<ObservedChurn> StartAsync(IEnumerable<string> modes, params string[] options) =>
        StartAsync(Built.ChurnTarget, modes, new Dictionary<string, string?>(), options);

    /// <summary>Starts both.</summary>
    /// <param name="program">The target.</param>
    /// <param name="modes">What the target does.</param>
    /// <param name="environment">Variables of the target, beside the inherited ones.</param>
    /// <param name="options">Options of the collector.</param>
    public static async Task<ObservedChurn> StartAsync(
        string program, IEnumerable<string> modes, IReadOnlyDictionary<string, string?> environment, params string[] options)
    {
        string socket = Path.Combine(Path.GetTempPath(), $"observatory-{Guid.NewGuid():N}.sock");
        int port = FreePort.Next();
        RunningProcess collector = RunningProcess.Start(
            Built.Collector, ["attach", "--diagnostic-port", socket, "--json", "--port", $"{port}", .. options]);
        try
        {
            await Eventually.TrueAsync(
                "the invitation",
                () => collector.Error.Contains("DOTNET_DiagnosticPorts=", StringComparison.Ordinal)
                    || (collector.HasExited ? throw new InvalidOperationException(collector.Error) : false));
            RunningProcess target = RunningProcess.Start(
                program, modes, new Dictionary<string, string?>(environment) { ["DOTNET_DiagnosticPorts"] = socket });
            return new ObservedChurn(collector, target, new Uri($"http://127.0.0.1:{port}/metrics"));
        }
        catch
        {
            await collector.DisposeAsync();
            throw;
        }
    }

    public Task<Exposition> ScrapeAsync() => Exposition.ReadAsync(Metrics);

    /// <summary>Waits until a series is above zero.</summary>
    public Task<Exposition> SeesAsync(string name, string labels = "") => Eventually.GetAsync(
        $"{name}{{{labels}}} above zero", ScrapeAsync, scraped => scraped.Sum(name, labels) > 0);

    public async ValueTask DisposeAsync()
    {
        await Target.DisposeAsync();
        await Collector.DisposeAsync();
    }
}
