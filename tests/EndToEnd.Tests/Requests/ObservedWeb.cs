using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>WebTarget, started as a user's program is, and a collector that was attached to it afterwards.</summary>
internal sealed class ObservedWeb : IAsyncDisposable
{
    private readonly TemporaryFile _accounts = new();
    private readonly TemporaryFile _truth = new();
    private readonly RunningProcess _target;
    private readonly long _stolenBefore = StolenTime.Read();
    private RunningProcess? _collector;
    private Uri? _metrics;
    private string[] _addresses = [];

    private ObservedWeb(string server) => _target = RunningProcess.Start(server, ["serve", "--truth", _truth.Path]);

    /// <summary>Where the collector shows its metrics.</summary>
    public Uri Metrics => _metrics!;

    /// <param name="options">Options of the collector.</param>
    public static Task<ObservedWeb> StartAsync(params string[] options) => StartOnAsync(Built.WebTarget, options);

    /// <param name="server">The program.</param>
    /// <param name="options">Options of the collector.</param>
    public static async Task<ObservedWeb> StartOnAsync(string server, params string[] options)
    {
        var web = new ObservedWeb(server);
        try
        {
            await web.AttachAsync(options);
            return web;
        }
        catch
        {
            await web.DisposeAsync();
            throw;
        }
    }

    /// <summary>The server's process id.</summary>
    public int Target => _target.Id;

    /// <summary>The server, and no collector.</summary>
    public static async Task<ObservedWeb> StartAloneAsync()
    {
        var web = new ObservedWeb(Built.WebTarget);
        try
        {
            await web.ListenAsync();
            return web;
        }
        catch
        {
            await web.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the collector and leaves the server alone.</summary>
    public async Task DetachAsync()
    {
        FinishedProcess observed = await _collector!.StopAsync();
        Assert.True(observed.ExitCode == 0, $"exit code {observed.ExitCode}: {observed.Error}");
    }

    /// <summary>Sends requests until they are answered.</summary>
    /// <param name="load">Options of WebTarget's load, and what to ask for.</param>
    public Task LoadAsync(params string[] load) => SendAsync(_addresses[0], load);

    /// <summary>The same by HTTP/2.</summary>
    public Task LoadHttp2Async(params string[] load) => SendAsync(_addresses[1], ["--http2", .. load]);

    /// <summary>Sends requests until it is ended.</summary>
    /// <param name="load">As above.</param>
    public RunningProcess BeginLoad(params string[] load) => RunningProcess.Start(Built.WebTarget, ["load", _addresses[0], .. load]);

    /// <summary>What the collector's metrics say now.</summary>
    public Task<Exposition> ScrapeAsync() => Exposition.ReadAsync(Metrics);

    /// <summary>Waits until a series is above zero.</summary>
    public Task<Exposition> SeesAsync(string name, string labels = "") => Eventually.GetAsync(
        $"{name}{{{labels}}} above zero", ScrapeAsync, scraped => scraped.Sum(name, labels) > 0);

    /// <summary>Ends both and puts what they say side by side.</summary>
    public async Task<WebRun> EndAsync()
    {
        FinishedProcess told = await _target.StopAsync();
        Assert.True(told.ExitCode == 0, $"exit code {told.ExitCode}: {told.Error}");
        FinishedProcess observed = await _collector!.WaitAsync(Limits.Condition);
        Assert.True(observed.ExitCode == 0, $"exit code {observed.ExitCode}: {observed.Error}");
        return new WebRun(
            JsonNode.Parse(observed.Output)!,
            [.. File.ReadLines(_accounts.Path).Select(RequestLine.Parse)],
            [.. File.ReadLines(_truth.Path).Select(RequestTruth.Parse)],
            StolenTime.Read() - _stolenBefore,
            observed.Error);
    }

    public async ValueTask DisposeAsync()
    {
        await _target.DisposeAsync();
        if (_collector is not null) await _collector.DisposeAsync();
        _accounts.Dispose();
        _truth.Dispose();
    }

    private static async Task SendAsync(string address, string[] load)
    {
        FinishedProcess sent = await RunningProcess.RunAsync(Built.WebTarget, ["load", address, .. load]);
        Assert.True(sent.ExitCode == 0, $"exit code {sent.ExitCode}: {sent.Output}{sent.Error}");
    }

    private async Task ListenAsync()
    {
        await Eventually.TrueAsync("the server's address", () => _target.Output.Contains('\n', StringComparison.Ordinal));
        _addresses = [.. _target.Output.Split('\n')[0].Split(' ').Skip(1)];
    }

    /// <summary>Starts the collector and waits until it sees requests.</summary>
    /// <param name="options">Its options.</param>
    public async Task AttachAsync(params string[] options)
    {
        await ListenAsync();
        int port = FreePort.Next();
        _metrics = new Uri($"http://127.0.0.1:{port}/metrics");
        _collector = RunningProcess.Start(
            Built.Collector,
            ["attach", "--pid", $"{_target.Id}", "--json", "--accounts", _accounts.Path, "--port", $"{port}", .. options]);
        // A request that is seen proves that both ends of all that come later are.
        await Eventually.TrueAsync("a request that is seen", async () =>
        {
            if (_collector.HasExited) throw new InvalidOperationException($"The collector ended: {_collector.Error}");
            await LoadAsync("--requests", "4", "--at-once", "1", "/");
            return (await ScrapeAsync()).Sum("observatory_units_total", "") > 0;
        });
    }
}
