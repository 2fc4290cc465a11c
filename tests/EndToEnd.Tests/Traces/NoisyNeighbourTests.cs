using System.Text.Json;
using Observatory.Recorder.Tests;

namespace Observatory.EndToEnd.Tests;

/// <summary>A neighbour takes the CPUs of a sweep: without anybody doing anything, a trace says which one it was.</summary>
public sealed class NoisyNeighbourTests : IAsyncDisposable
{
    private const string Neighbour = "stress-ng";

    private readonly string _folder = Directory.CreateTempSubdirectory("observatory-neighbour-").FullName;
    private readonly HttpClient _client = new() { Timeout = Limits.Request };
    private readonly int _port = FreePort.Next();
    private RunningProcess? _collector;
    private RunningProcess? _neighbour;

    public async ValueTask DisposeAsync()
    {
        if (_neighbour is not null) await _neighbour.DisposeAsync();
        if (_collector is not null) await _collector.DisposeAsync();
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_neighbour_is_named_on_the_page_in_json_and_in_the_file()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && Programs.Exists(Neighbour), "Needs the kernel tier, and stress-ng: apt-get install stress-ng.");
        // One configuration: what is slow is slow beside its own median.
        _collector = RunningProcess.Start(Built.Collector,
        [
            "--no-live", "--duration", "20m", "--port", $"{_port}", "--traces", _folder,
            "--", "--batches", "8", "--sequences", "512", "--dims", "128", "--iterations", "1000000", "--no-limits", "--port", $"{FreePort.Next()}",
        ]);
        await Eventually.TrueAsync("a hundred iterations", HasHundredAsync);
        // Many of them, so that no other process of a busy machine has as large a part in a wait.
        _neighbour = RunningProcess.Start(Neighbour, ["--cpu", $"{Environment.ProcessorCount * 8}", "--timeout", "20m"]);
        JsonElement trace = await Eventually.GetAsync(
            "a trace whose unit was preempted by the neighbour", SlowestAsync, trace => PreemptorOf(trace).StartsWith(Neighbour, StringComparison.Ordinal));
        await _neighbour.DisposeAsync();
        _neighbour = null;
        string id = trace.GetProperty("id").GetString()!;
        Assert.True(trace.GetProperty("unit").GetProperty("states").GetProperty("preempted").GetDouble() > 0);

        string page = await _client.GetStringAsync(Address("/"), TestContext.Current.CancellationToken);
        int card = page.IndexOf($"id=\"{id}\"", StringComparison.Ordinal);
        Assert.Contains($"Preempted by: {Neighbour}", page[card..page.IndexOf("</section>", card, StringComparison.Ordinal)], StringComparison.Ordinal);

        byte[] bytes = await _client.GetByteArrayAsync(Address($"/traces/{id}"), TestContext.Current.CancellationToken);
        var file = new PerfettoReader(bytes);
        Assert.Equal(0, file.Mismatches);
        ReadSlice unit = Assert.Single(file.Slices, slice => slice.Track.Name == "captured unit");
        Assert.StartsWith(Neighbour, unit.Arguments["preempted_by"], StringComparison.Ordinal);
        Assert.Equal(trace.GetProperty("unit").GetProperty("iteration").GetInt64(), long.Parse(unit.Arguments["iteration"], provider: null));
        Assert.StartsWith(Neighbour, ReadPreemptors.Longest(file, file.Slices.Where(slice =>
            slice.Track.Thread > 0 && slice.Arguments.GetValueOrDefault("iteration") == unit.Arguments["iteration"])), StringComparison.Ordinal);
    }

    private static string PreemptorOf(JsonElement trace)
    {
        if (trace.ValueKind != JsonValueKind.Object || trace.GetProperty("unit").ValueKind != JsonValueKind.Object) return "";
        JsonElement holders = trace.GetProperty("unit").GetProperty("preempted_by");
        return holders.GetArrayLength() == 0 ? "" : holders[0].GetProperty("command").GetString()!;
    }

    private async Task<bool> HasHundredAsync()
    {
        string metrics = await _client.GetStringAsync(Address("/metrics"), TestContext.Current.CancellationToken);
        return metrics.Split('\n').Any(line => line.StartsWith("observatory_iteration_duration_seconds_count", StringComparison.Ordinal)
            && double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) > 100);
    }

    private async Task<JsonElement> SlowestAsync()
    {
        string json = await _client.GetStringAsync(Address("/traces"), TestContext.Current.CancellationToken);
        using JsonDocument traces = JsonDocument.Parse(json);
        return traces.RootElement.EnumerateArray().Select(trace => trace.Clone())
            .FirstOrDefault(trace => PreemptorOf(trace).StartsWith(Neighbour, StringComparison.Ordinal));
    }

    private Uri Address(string path) => new($"http://127.0.0.1:{_port}{path}");
}
