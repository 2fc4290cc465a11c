using System.Globalization;

namespace Observatory.EndToEnd.Tests;

/// <summary>Every file that a program of ours writes, on a disk that is full and on one that is read-only.</summary>
public sealed class DiskTests : IAsyncLifetime
{
    private readonly string _disk = Directory.CreateTempSubdirectory("observatory-disk-").FullName;
    private bool _isMounted;

    public async ValueTask InitializeAsync()
    {
        FinishedProcess mounted = await RunningProcess.RunAsync("mount", ["-t", "tmpfs", "-o", "size=128k", "none", _disk]);
        _isMounted = mounted.ExitCode == 0;
        Assert.SkipUnless(_isMounted, $"Needs the right to mount a file system (root): {mounted.Error}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_isMounted) await RunningProcess.RunAsync("umount", [_disk]);
        Directory.Delete(_disk);
    }

    [Fact]
    public async Task A_full_disk_costs_files_and_not_the_observation()
    {
        await using RunningProcess target = RunningProcess.Start(
            Built.TruthTarget, ["--drivers", "1", "--iterations", "100000000", "--compute-us", "200"]);
        await AttachedRun.ListedAsync(target.Id);
        string accounts = Path.Combine(_disk, "accounts"), nettrace = Path.Combine(_disk, "nettrace");
        await using RunningProcess collector = RunningProcess.Start(
            Built.Collector,
            ["attach", "--pid", $"{target.Id}", "--accounts", accounts, "--nettrace", nettrace, "--traces", _disk, "--json", "--port", "0"]);
        await Eventually.TrueAsync(
            "both files to end", () => collector.Error.Split("the observation goes on").Length > 2);
        await RunningProcess.RunAsync("kill", ["-USR1", $"{collector.Id}"]);
        await Eventually.TrueAsync("the trace that does not fit", () => collector.Error.Contains("a trace could not be written", StringComparison.Ordinal));
        FinishedProcess finished = await collector.StopAsync();

        Assert.Equal(1, finished.ExitCode);
        Assert.Contains($"'{accounts}' ends after", finished.Error, StringComparison.Ordinal);
        Assert.Contains($"'{nettrace}' ends after", finished.Error, StringComparison.Ordinal);
        Assert.Contains("\"configurations\": [", finished.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", finished.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recording_and_results_that_do_not_fit_are_one_line_and_leave_nothing_behind()
    {
        string filler = Path.Combine(_disk, "filler");
        await File.WriteAllBytesAsync(filler, new byte[128 << 10], TestContext.Current.CancellationToken);
        await using RunningProcess target = RunningProcess.Start(
            Built.TruthTarget, ["--drivers", "1", "--iterations", "100000000", "--compute-us", "200"]);
        await AttachedRun.ListedAsync(target.Id);
        FinishedProcess recorded = await RunningProcess.RunAsync(
            Built.Collector, ["record", "--pid", $"{target.Id}", "--output", Path.Combine(_disk, "trace"), "--duration", "2s", "--no-live", "--port", "0"]);
        FinishedProcess swept = await RunningProcess.RunAsync(
            Built.Workload, ["sweep", .. ObservedRun.SmallStudy, "--once", "--no-metrics", "--quiet", "--results", Path.Combine(_disk, "results")]);

        foreach (FinishedProcess finished in new[] { recorded, swept })
        {
            Assert.Equal(1, finished.ExitCode);
            Assert.Contains("No space left", finished.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", finished.Error, StringComparison.Ordinal);
        }

        Assert.Equal([filler], Directory.GetFiles(_disk));
    }

    [Fact]
    public async Task A_full_disk_costs_a_soak_test_its_files_and_not_its_verdict()
    {
        await using RunningProcess target = RunningProcess.Start(Built.TruthTarget, ["--drivers", "1", "--iterations", "100000000", "--compute-us", "200"]);
        await AttachedRun.ListedAsync(target.Id);
        string state = Path.Combine(_disk, "state"), report = Path.Combine(_disk, "report.html");
        int port = FreePort.Next();
        string[] soak = ["soak", "--pid", $"{target.Id}", "--interval", "100ms", "--duration", "10m", "--state", state, "--report", report, "--json", "--traces", "none", "--port", $"{port}"];
        await using RunningProcess collector = RunningProcess.Start(Built.Collector, soak);
        await Eventually.TrueAsync("a sample on the disk", () => File.Exists(state) && File.ReadAllText(state).Contains("latency_ms", StringComparison.Ordinal));
        await FillAsync();
        var metrics = new Uri($"http://127.0.0.1:{port}/metrics");
        await Eventually.TrueAsync(
            "a state that is known to be no longer whole", async () => (await Exposition.ReadAsync(metrics)).Of("observatory_soak_state_up").Single().Value == 0);
        long kept = new FileInfo(state).Length;
        await Eventually.TrueAsync("the reason", () => collector.Error.Contains("The test goes on without it.", StringComparison.Ordinal));
        FinishedProcess finished = await collector.StopAsync();

        Assert.Equal(1, finished.ExitCode);
        Assert.Single(finished.Error.Split("the state of the soak test cannot be written any more: No space left").Skip(1));
        Assert.Contains($"collector: --report '{report}' could not be written: No space left", finished.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", finished.Error, StringComparison.Ordinal);
        Assert.Contains("\"verdict\": ", finished.Output, StringComparison.Ordinal);
        Assert.Equal(kept, new FileInfo(state).Length);
        Assert.Equal(["filler", "state"], Directory.GetFiles(_disk).Select(Path.GetFileName).Order());

        // One that begins when nothing fits any more is refused, and leaves nothing that is no state.
        await AttachedRun.RefusesAsync("cannot be written: No space left", Built.Collector, [.. soak.Select(word => (word == state) ? $"{state}2" : word)]);
        Assert.Equal(0, new FileInfo($"{state}2").Length);
    }

    [Fact]
    public async Task A_disk_that_turns_read_only_costs_the_traces_meanwhile_and_none_afterwards()
    {
        await using RunningProcess target = RunningProcess.Start(
            Built.TruthTarget, ["--drivers", "1", "--iterations", "100000000", "--compute-us", "20000"]);
        await AttachedRun.ListedAsync(target.Id);
        int port = FreePort.Next();
        await using RunningProcess collector = RunningProcess.Start(
            Built.Collector, ["attach", "--pid", $"{target.Id}", "--traces", _disk, "--json", "--port", $"{port}"]);
        var metrics = new Uri($"http://127.0.0.1:{port}/metrics");
        await Eventually.TrueAsync("iterations", async () => (await Exposition.ReadAsync(metrics)).Sum("observatory_iteration_duration_seconds_count", "") > 0);

        Assert.Equal(0, (await RunningProcess.RunAsync("mount", ["-o", "remount,ro", _disk])).ExitCode);
        await AskAsync("a failure that is counted", async () => (await Exposition.ReadAsync(metrics)).Sum("observatory_traces_failed_total", "") > 0);
        Assert.Contains("a trace could not be written, the observation goes on: ", collector.Error, StringComparison.Ordinal);
        Assert.Contains("Read-only file system", collector.Error, StringComparison.Ordinal);

        Assert.Equal(0, (await RunningProcess.RunAsync("mount", ["-o", "remount,rw,size=64m", _disk])).ExitCode);
        await AskAsync("a trace that is kept", () => Task.FromResult(Directory.GetFiles(_disk, "*.json").Length > 0));
        FinishedProcess finished = await collector.StopAsync();
        Assert.Equal(0, finished.ExitCode);
        Assert.DoesNotContain("   at ", finished.Error, StringComparison.Ordinal);

        Task AskAsync(string what, Func<Task<bool>> condition) => Eventually.TrueAsync(what, async () =>
        {
            await RunningProcess.RunAsync("kill", ["-USR1", $"{collector.Id}"]);
            return await condition();
        });
    }

    /// <summary>Takes what is left of the disk, to the last byte.</summary>
    private async Task FillAsync()
    {
        await using FileStream filler = new(Path.Combine(_disk, "filler"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            while (true) await filler.WriteAsync(new byte[4096], TestContext.Current.CancellationToken);
        });
    }

    [Theory]
    [InlineData("attach --accounts {0} --pid 1")]
    [InlineData("attach --nettrace {0} --pid 1")]
    [InlineData("record --output {0} --pid 1")]
    [InlineData("attach --diagnostic-port {0}")]
    [InlineData("soak --state {0} --pid 1")]
    [InlineData("soak --report {0}.md --pid 1")]
    public async Task A_read_only_disk_is_refused_before_anything_else(string command)
    {
        Assert.Equal(0, (await RunningProcess.RunAsync("mount", ["-o", "remount,ro", _disk])).ExitCode);
        await AttachedRun.RefusesAsync(
            _disk, Built.Collector, string.Format(CultureInfo.InvariantCulture, command, Path.Combine(_disk, "file")).Split(' '));
    }
}
