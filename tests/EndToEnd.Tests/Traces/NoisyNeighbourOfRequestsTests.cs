using System.Text.Json;
using Observatory.Recorder.Tests;

namespace Observatory.EndToEnd.Tests;

/// <summary>A neighbour takes the CPUs of a web server: without a further action, a trace of a request says which one it was.</summary>
public sealed class NoisyNeighbourOfRequestsTests : IDisposable
{
    private const string Neighbour = "stress-ng";
    private const string Computes = "GET /spin/{}";

    private readonly string _folder = Directory.CreateTempSubdirectory("observatory-neighbour-").FullName;
    private readonly HttpClient _client = new() { Timeout = Limits.Request };

    public void Dispose()
    {
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_neighbour_is_named_on_the_page_in_json_and_in_the_file()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && Programs.Exists(Neighbour), "Needs the kernel tier, and stress-ng: apt-get install stress-ng.");
        await using ObservedWeb web = await ObservedWeb.StartAsync("--traces", _folder);
        // Just enough for a median: what the machine does otherwise should not use up the traces that a name may have.
        await web.LoadAsync("--requests", "51", "--at-once", "1", "/spin/20000");
        JsonElement trace = await BesideNeighbourAsync(web);

        JsonElement unit = trace.GetProperty("unit");
        string id = trace.GetProperty("id").GetString()!;
        Assert.Equal("request", unit.GetProperty("kind").GetString());
        Assert.True(unit.GetProperty("states").GetProperty("preempted").GetDouble() > unit.GetProperty("wall").GetDouble() / 2);

        string page = await _client.GetStringAsync(new Uri(web.Metrics, "/"), TestContext.Current.CancellationToken);
        int card = page.IndexOf($"id=\"{id}\"", StringComparison.Ordinal);
        string shown = page[card..page.IndexOf("</section>", card, StringComparison.Ordinal)];
        Assert.Contains(Computes, shown, StringComparison.Ordinal);
        Assert.Contains($"Preempted by: {Neighbour}", shown, StringComparison.Ordinal);

        byte[] bytes = await _client.GetByteArrayAsync(new Uri(web.Metrics, $"/traces/{id}"), TestContext.Current.CancellationToken);
        var file = new PerfettoReader(bytes);
        Assert.Equal(0, file.Mismatches);
        ReadSlice captured = Assert.Single(file.Slices, slice => slice.Track.Name == "captured unit" && slice.Arguments.ContainsKey("unit"));
        Assert.StartsWith(Neighbour, captured.Arguments["preempted_by"], StringComparison.Ordinal);
        Assert.Equal(unit.GetProperty("iteration").GetInt64(), long.Parse(captured.Arguments["unit"], provider: null));
    }

    private async Task<JsonElement> BesideNeighbourAsync(ObservedWeb web)
    {
        // Many of them, so that no other process of a busy machine has as large a part in a wait.
        await using RunningProcess neighbour = RunningProcess.Start(Neighbour, ["--cpu", $"{Environment.ProcessorCount * 16}", "--timeout", "20m"]);
        await using RunningProcess load = web.BeginLoad("--seconds", "1200", "--at-once", "1", "/spin/20000");
        return await Eventually.GetAsync(
            "a trace of a request that the neighbour preempted", () => SlowestAsync(web), found => found.ValueKind == JsonValueKind.Object);
    }

    private async Task<JsonElement> SlowestAsync(ObservedWeb web)
    {
        using JsonDocument traces = JsonDocument.Parse(await _client.GetStringAsync(new Uri(web.Metrics, "/traces"), TestContext.Current.CancellationToken));
        return traces.RootElement.EnumerateArray().Select(trace => trace.Clone()).FirstOrDefault(IsOfTheNeighbour);
    }

    private static bool IsOfTheNeighbour(JsonElement trace) =>
        trace.GetProperty("unit") is { ValueKind: JsonValueKind.Object } unit
        && unit.GetProperty("name").GetString() == Computes
        && unit.GetProperty("preempted_by").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } holder
        && holder.GetProperty("command").GetString()!.StartsWith(Neighbour, StringComparison.Ordinal)
        && unit.GetProperty("states").GetProperty("preempted").GetDouble() > unit.GetProperty("wall").GetDouble() / 2;
}
