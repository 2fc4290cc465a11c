using System.Text.Json;
using Observatory.Recorder.Tests;
using Observatory.Timeline;

namespace Observatory.EndToEnd.Tests;

/// <summary>A request waits behind a lock that another endpoint holds: without a further action, a trace of it is captured.</summary>
public sealed class SlowRequestTraceTests : IDisposable
{
    private const string Slow = "GET /wait";

    /// <summary>What a path may hold that is markup, or a control sequence of a terminal.</summary>
    private const string Hostile = "/%3Cscript%3Ealert(1)%3C/script%3E%1B%5B31m";

    private static readonly Duration Tolerance = new(1_000);

    private readonly string _folder = Directory.CreateTempSubdirectory("observatory-request-traces-").FullName;
    private readonly HttpClient _client = new() { Timeout = Limits.Request };

    public void Dispose()
    {
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_slow_request_is_captured_and_told_on_the_page_in_json_and_in_the_file()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Needs the kernel tier.");
        await using ObservedWeb web = await ObservedWeb.StartAsync("--traces", _folder);
        // Enough that are quick for a median, and names that no client should be able to harm anyone with.
        await web.LoadAsync("--requests", "80", "--at-once", "2", Slow[4..], Hostile);

        JsonElement trace = await Eventually.GetAsync("a trace of a request that waited for the lock and says who held it", async () =>
        {
            await web.LoadAsync("--requests", "16", "--at-once", "4", "/hold/100", Slow[4..]);
            return await BlockedAsync(web);
        }, found => found.ValueKind == JsonValueKind.Object);

        JsonElement unit = trace.GetProperty("unit");
        string id = trace.GetProperty("id").GetString()!;
        Assert.Equal("request", unit.GetProperty("kind").GetString());
        Assert.Equal(Slow, unit.GetProperty("name").GetString());
        double states = unit.GetProperty("states").EnumerateObject().Sum(state => state.Value.GetDouble());
        Assert.Equal(unit.GetProperty("wall").GetDouble(), states, tolerance: 1e-9);
        Exposition metrics = await web.ScrapeAsync();
        Assert.True(metrics.Sum("observatory_traces_captured_total", "") > 0);
        Assert.True(metrics.Sum("observatory_trace_unit_duration_seconds", $"trace_id={id},unit={Slow}") > 0);

        string page = await _client.GetStringAsync(new Uri(web.Metrics, "/"), TestContext.Current.CancellationToken);
        int card = page.IndexOf($"id=\"{id}\"", StringComparison.Ordinal);
        string shown = page[card..page.IndexOf("</section>", card, StringComparison.Ordinal)];
        Assert.Contains(Slow, shown, StringComparison.Ordinal);
        Assert.Contains("times the median", shown, StringComparison.Ordinal);
        Assert.Contains("blocked", shown, StringComparison.Ordinal);
        Assert.Contains("""<span class="lane" title="request">""", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', page);

        byte[] bytes = await _client.GetByteArrayAsync(new Uri(web.Metrics, $"/traces/{id}"), TestContext.Current.CancellationToken);
        AssertFile(new PerfettoReader(bytes), unit);
    }

    private static void AssertFile(PerfettoReader file, JsonElement unit)
    {
        Assert.Equal(0, file.Mismatches);
        Assert.All(file.Slices, slice => Assert.DoesNotContain(slice.Name, char.IsControl));
        ReadSlice captured = Assert.Single(file.Slices, slice => slice.Track.Name == "captured unit" && slice.Name.StartsWith("captured: ", StringComparison.Ordinal));
        Assert.Equal($"captured: {Slow}", captured.Name);
        Assert.Equal(unit.GetProperty("iteration").GetInt64(), long.Parse(captured.Arguments["unit"], provider: null));

        // Every account, rebuilt from switches, wake-ups and segments alone, is the one that the collector closed.
        var accounts = new ReadAccounts(file);
        ReadSlice[] requests = [.. file.Slices.Where(slice =>
            slice.Track.Name == "requests" && slice.Arguments.ContainsKey("rank") && !slice.Arguments.ContainsKey("began_before_ns"))];
        Assert.Contains(requests, request => request.Arguments["unit"] == captured.Arguments["unit"] && request.Name == Slow);
        foreach (ReadSlice request in requests.Where(request => !request.Arguments.ContainsKey("incomplete")))
        {
            StateTimes rebuilt = accounts.AccountOfMoving(request);
            Assert.Equal(new Duration(request.To - request.From), rebuilt.Total);
            foreach (AccountState state in StateTimes.UnitStates)
            {
                long told = long.Parse(request.Arguments.GetValueOrDefault($"{state.ToString().ToLowerInvariant()}_ns", "0"), provider: null);
                Duration apart = rebuilt[state] - new Duration(told);
                Assert.True(
                    apart <= Tolerance && Duration.Zero - apart <= Tolerance,
                    $"{request.Name} {request.Arguments["unit"]}: {state} is {rebuilt[state].Nanoseconds} ns in the file's events and {told} ns in the account");
            }
        }
    }

    private async Task<JsonElement> BlockedAsync(ObservedWeb web)
    {
        string json = await _client.GetStringAsync(new Uri(web.Metrics, "/traces"), TestContext.Current.CancellationToken);
        using JsonDocument traces = JsonDocument.Parse(json);
        return traces.RootElement.EnumerateArray().Select(trace => trace.Clone()).FirstOrDefault(WaitedForTheLock);
    }

    /// <summary>A wait that begins in the moment in which the lock changes hands has no holder: the runtime knows of none.</summary>
    private static bool WaitedForTheLock(JsonElement trace) =>
        trace.GetProperty("unit") is { ValueKind: JsonValueKind.Object } unit
        && unit.GetProperty("name").GetString() == Slow
        && unit.GetProperty("states").TryGetProperty("blocked", out JsonElement blocked)
        && blocked.GetDouble() > unit.GetProperty("wall").GetDouble() / 2
        && string.Join(' ', unit.GetProperty("causes").EnumerateArray()).Contains("GET /hold/{}", StringComparison.Ordinal);
}
