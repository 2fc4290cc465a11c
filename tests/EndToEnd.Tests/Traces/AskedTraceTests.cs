using System.Globalization;
using System.Net;
using System.Text.Json;
using Observatory.Recorder.Tests;

namespace Observatory.EndToEnd.Tests;

/// <summary>Traces that are asked for: by a signal, over HTTP, and as the recording of a stretch of time.</summary>
public sealed class AskedTraceTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("observatory-asked-").FullName;
    private readonly HttpClient _client = new() { Timeout = Limits.Request };
    private readonly RunningProcess _target = RunningProcess.Start(
        Built.TruthTarget, ["--drivers", "1", "--iterations", "100000000", "--compute-us", "5000"]);

    public async ValueTask InitializeAsync() => await AttachedRun.ListedAsync(_target.Id);

    public async ValueTask DisposeAsync()
    {
        await _target.DisposeAsync();
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_signal_and_a_post_each_capture_what_the_recorder_holds()
    {
        int port = FreePort.Next();
        var root = new Uri($"http://127.0.0.1:{port}/");
        await using RunningProcess collector = RunningProcess.Start(
            Built.Collector, ["attach", "--pid", $"{_target.Id}", "--json", "--traces", _folder, "--port", $"{port}"]);
        await Eventually.TrueAsync("iterations in the recorder", async () =>
            (await Exposition.ReadAsync(new Uri(root, "metrics"))).Sum("observatory_iteration_duration_seconds_count", "") > 10);

        await Eventually.TrueAsync("a trace for the signal", async () =>
        {
            await RunningProcess.RunAsync("kill", ["-USR1", $"{collector.Id}"]);
            return (await ListAsync(root)).Any(trace => trace.GetProperty("trigger").GetString() == "signal");
        });

        Uri? created = null;
        await Eventually.TrueAsync("a trace that was posted for", async () =>
        {
            using HttpResponseMessage answer = await _client.PostAsync(new Uri(root, "traces"), content: null, TestContext.Current.CancellationToken);
            created = answer.Headers.Location;
            // Another may be written just now, or the last one was asked for a moment ago.
            if (answer.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests) return false;
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            return true;
        });
        var file = new PerfettoReader(await _client.GetByteArrayAsync(new Uri(root, created!), TestContext.Current.CancellationToken));
        Assert.Equal(0, file.Mismatches);
        Assert.Contains(file.Slices, slice => slice.Arguments.ContainsKey("iteration"));
        JsonElement told = (await ListAsync(root)).Single(trace => created!.ToString().EndsWith(trace.GetProperty("id").GetString()!, StringComparison.Ordinal));
        Assert.Equal("request", told.GetProperty("trigger").GetString());

        Exposition metrics = await Exposition.ReadAsync(new Uri(root, "metrics"));
        Assert.True(metrics.Sum("observatory_traces_captured_total", "trigger=signal") > 0);
        Assert.Equal(1, metrics.Sum("observatory_traces_captured_total", "trigger=request"));
        Assert.True(metrics.Sum("observatory_recorder_age_seconds", "") > 0);
        Assert.Equal(0, (await collector.StopAsync()).ExitCode);
    }

    [Fact]
    public async Task A_recording_holds_every_iteration_of_its_stretch_of_time()
    {
        string output = Path.Combine(_folder, "x.pftrace"), accounts = Path.Combine(_folder, "accounts.jsonl");
        FinishedProcess finished = await RunningProcess.RunAsync(
            Built.Collector,
            ["record", "--pid", $"{_target.Id}", "--duration", "15s", "--output", output, "--accounts", accounts, "--json", "--no-live", "--port", "0"]);
        Assert.Contains("open it in https://ui.perfetto.dev", finished.Error, StringComparison.Ordinal);
        AssertHoldsAll(finished, output, accounts);
    }

    [Fact]
    public async Task A_recording_that_takes_longer_than_was_asked_for_holds_it_all()
    {
        string output = Path.Combine(_folder, "late.pftrace"), accounts = Path.Combine(_folder, "late.jsonl");
        int port = FreePort.Next();
        await using RunningProcess collector = RunningProcess.Start(
            Built.Collector,
            ["record", "--pid", $"{_target.Id}", "--duration", "5s", "--output", output, "--accounts", accounts, "--json", "--no-live", "--port", $"{port}"]);
        await Eventually.TrueAsync("iterations in the recorder", async () =>
            (await Exposition.ReadAsync(new Uri($"http://127.0.0.1:{port}/metrics"))).Sum("observatory_iteration_duration_seconds_count", "") > 10);
        // As on a machine that gives it no time when its own is over.
        await using (await StoppedProcess.StopAsync(collector))
            await Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);
        FinishedProcess finished = await collector.WaitAsync(Limits.Condition);
        AssertHoldsAll(finished, output, accounts);
    }

    [Fact]
    public async Task A_recording_of_a_machine_that_does_nothing_but_switch_holds_it_all_or_says_what_it_does_not()
    {
        SwitchStorm.Needed();
        await using var storm = new SwitchStorm();
        string output = Path.Combine(_folder, "storm.pftrace"), accounts = Path.Combine(_folder, "storm.jsonl");
        FinishedProcess finished = await RunningProcess.RunAsync(
            Built.Collector,
            ["record", "--pid", $"{_target.Id}", "--duration", "8s", "--output", output, "--accounts", accounts, "--json", "--no-live", "--port", "0"]);
        AssertHoldsAll(finished, output, accounts);
    }

    private static void AssertHoldsAll(FinishedProcess finished, string output, string accounts)
    {
        Assert.True(finished.ExitCode == 0, finished.Error);
        if (finished.Error.Contains(" are not in it, so much happened that 256 MiB hold the last ", StringComparison.Ordinal))
        {
            // The machine switched more often than memory holds; a file of so many events is at least as large.
            Assert.InRange(new FileInfo(output).Length, 60_000_000, 250_000_000);
            return;
        }

        var file = new PerfettoReader(File.ReadAllBytes(output));
        Assert.Equal(0, file.Mismatches);
        long[] told = [.. File.ReadLines(accounts).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("iteration").GetInt64())];
        HashSet<long> recorded = [.. file.Slices.Where(slice => slice.Track.Thread > 0 && slice.Arguments.ContainsKey("iteration"))
            .Select(slice => long.Parse(slice.Arguments["iteration"], CultureInfo.InvariantCulture))];
        Assert.NotEmpty(told);
        Assert.Empty(told.Except(recorded));
    }

    private async Task<JsonElement[]> ListAsync(Uri root)
    {
        using JsonDocument traces = JsonDocument.Parse(await _client.GetStringAsync(new Uri(root, "traces"), TestContext.Current.CancellationToken));
        return [.. traces.RootElement.EnumerateArray().Select(trace => trace.Clone())];
    }
}
