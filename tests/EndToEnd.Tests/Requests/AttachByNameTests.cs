using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>
/// A stock minimal API under load, attached to by its name alone: by endpoint it is said where the time went, and what holds each one up
/// is named: an endpoint with a lock, the starved thread pool, a neighbour.
/// </summary>
public sealed class AttachByNameTests : IAsyncDisposable
{
    private const string Neighbour = "stress-ng";
    private readonly string _folder = Directory.CreateTempSubdirectory("observatory-api-").FullName;
    private readonly HttpClient _client = new() { Timeout = Limits.Request };
    private readonly int _port = FreePort.Next();
    private readonly string _name = $"MyApi-{Environment.ProcessId}";
    private RunningProcess? _collector;

    public async ValueTask DisposeAsync()
    {
        if (_collector is not null) await _collector.DisposeAsync();
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_lock_holder_the_starved_pool_and_the_neighbour_are_named_by_endpoint()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && Programs.Exists(Neighbour), "Needs the kernel tier, and stress-ng: apt-get install stress-ng.");
        string program = Path.Combine(_folder, _name);
        File.CreateSymbolicLink(program, Built.WebTarget);
        await using RunningProcess api = RunningProcess.Start(program, ["serve"]);
        await Eventually.TrueAsync("the server's address", () => api.Output.Contains('\n', StringComparison.Ordinal));
        string address = api.Output.Split('\n')[0].Split(' ')[1];
        _collector = RunningProcess.Start(
            Built.Collector, ["attach", "--name", _name, "--json", "--units", "queue", "--port", $"{_port}", "--traces", _folder]);
        await Eventually.TrueAsync("a request that is seen", async () =>
        {
            if (_collector.HasExited) throw new InvalidOperationException($"The collector ended: {_collector.Error}");
            await LoadAsync(address, "--requests", "1", "/");
            return (await Exposition.ReadAsync(new Uri($"http://127.0.0.1:{_port}/metrics"))).Sum("observatory_units_total", "") > 0;
        });

        await LoadAsync(address, "--requests", "60", "--at-once", "8", "/hold/20", "/wait", "/wait");
        await NamedAsync("GET /wait", "lock", "GET /hold/{}");
        await LoadAsync(address, "--requests", "80", "--at-once", "40", "/block/50", "/await/1");
        await NamedAsync("GET /await/{}", "queue", "");
        await using (RunningProcess.Start(Neighbour, ["--cpu", $"{Environment.ProcessorCount * 8}", "--timeout", "20m"]))
            await LoadAsync(address, "--requests", "40", "--at-once", "2", "/spin/10000");
        await NamedAsync("GET /spin/{}", "neighbour", Neighbour);

        FinishedProcess observed = await _collector.StopAsync();
        Assert.True(observed.ExitCode == 0, $"exit code {observed.ExitCode}: {observed.Error}");
        string[] endpoints = [.. JsonNode.Parse(observed.Output)!["units"]!.AsArray().Select(unit => unit!["name"]!.GetValue<string>())];
        Assert.Superset(
            (HashSet<string>)["GET /", "GET /hold/{}", "GET /wait", "GET /block/{}", "GET /await/{}", "GET /spin/{}"], endpoints.ToHashSet());
    }

    /// <summary>Waits until a cause is named that an endpoint was held up by; others may have held it up for longer, on a busy machine.</summary>
    private Task NamedAsync(string endpoint, string cause, string by) => Eventually.TrueAsync($"{endpoint}: {cause} by {by}", async () =>
    {
        JsonNode why = JsonNode.Parse(await _client.GetStringAsync(new Uri($"http://127.0.0.1:{_port}/why"), TestContext.Current.CancellationToken))!;
        JsonNode? of = why["configurations"]!.AsArray().FirstOrDefault(one => one!["name"]!.GetValue<string>() == endpoint);
        return of?["causes"]!.AsArray().Any(line => line!["cause"]!.GetValue<string>() == cause
            && (line["by"]?.GetValue<string>() ?? "").StartsWith(by, StringComparison.Ordinal)) == true;
    });

    private static async Task LoadAsync(string address, params string[] load)
    {
        FinishedProcess sent = await RunningProcess.RunAsync(Built.WebTarget, ["load", address, .. load]);
        Assert.True(sent.ExitCode == 0, $"exit code {sent.ExitCode}: {sent.Output}{sent.Error}");
    }
}
