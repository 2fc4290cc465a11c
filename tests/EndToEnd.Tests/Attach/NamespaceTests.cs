using Observatory.Kernel;

namespace Observatory.EndToEnd.Tests;

/// <summary>
/// Targets whose runtime numbers threads as a pid namespace of their own does. That accounts are complete and agree with
/// the target's books shows that every thread was found again under its id out here.
/// </summary>
public sealed class NamespaceTests : IDisposable
{
    /// <summary>What it starts has process id 1, or is a child of that, in a namespace with a /proc of its own.</summary>
    private static readonly string[] InNamespace = ["--pid", "--fork", "--mount-proc", "--kill-child"];

    /// <summary>$1 the target, $2 its output, $3 the collector, $4 its accounts.</summary>
    private const string Both = """
        "$1" --iterations 300 > "$2" &
        until ls "$TMPDIR"/dotnet-diagnostic-$!-*-socket > /dev/null 2>&1; do sleep 0.1; done
        "$3" attach --pid $! --json --accounts "$4" --port 0
        """;

    private readonly ITestOutputHelper _log = TestContext.Current.TestOutputHelper!;
    private readonly TemporaryFile _accounts = new();
    private readonly TemporaryFile _books = new();
    private readonly DirectoryInfo _sockets = Directory.CreateTempSubdirectory("observatory-ns-");

    [Theory]
    [InlineData("kernel")]
    [InlineData("thread")]
    public async Task A_target_in_its_own_namespace_is_seen_from_outside(string tier)
    {
        NeedsNamespaces();
        long stolenBefore = StolenTime.Read();
        await using RunningProcess outer = RunningProcess.Start(
            "unshare", [.. InNamespace, Built.TruthTarget, "--iterations", $"{RightsRun.Iterations}"]);
        int target = await NamespacedChild.OfAsync(outer);
        await AttachedRun.ListedAsync(target);
        await using RunningProcess collector = RunningProcess.Start(
            Built.Collector,
            ["attach", "--pid", $"{target}", "--json", "--accounts", _accounts.Path, "--port", "0", "--tier", tier]);
        FinishedProcess told = await outer.WaitAsync(Limits.Condition);
        ObservedRun run = ObservedRun.Read(await collector.WaitAsync(Limits.Condition), _accounts);
        AssertSeen(TruthRun.Of(run, told.Output, stolenBefore), tier);
    }

    /// <summary>From within, the numbers of processes outside are not known.</summary>
    [Fact]
    public async Task A_process_that_connects_from_outside_is_refused_and_runs_on()
    {
        NeedsNamespaces();
        string port = Path.Combine(_sockets.FullName, "port.sock");
        await using RunningProcess collector = RunningProcess.Start(
            "unshare", [.. InNamespace, Built.Collector, "attach", "--diagnostic-port", port, "--port", "0"]);
        await Eventually.TrueAsync("the invitation", () => collector.Error.Contains("DOTNET_DiagnosticPorts=", StringComparison.Ordinal));
        await using RunningProcess target = RunningProcess.Start(
            Built.ChurnTarget, ["idle"], new Dictionary<string, string?> { ["DOTNET_DiagnosticPorts"] = port });
        FinishedProcess refused = await collector.WaitAsync(Limits.Condition);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("outside the pid namespace", refused.Error, StringComparison.Ordinal);
        await Eventually.TrueAsync("the target's own code", () => target.Output.Contains("churning", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_target_is_seen_from_within_its_namespace()
    {
        NeedsNamespaces();
        long stolenBefore = StolenTime.Read();
        FinishedProcess both = await RunningProcess.RunAsync(
            "unshare",
            [.. InNamespace, "sh", "-c", Both, "sh", Built.TruthTarget, _books.Path, Built.Collector, _accounts.Path],
            new Dictionary<string, string?> { ["TMPDIR"] = _sockets.FullName });
        ObservedRun run = ObservedRun.Read(both, _accounts);
        AssertSeen(TruthRun.Of(run, await File.ReadAllTextAsync(_books.Path, TestContext.Current.CancellationToken), stolenBefore), "kernel");
    }

    /// <summary>Its events have times that the kernel's records do not have.</summary>
    [Theory]
    [InlineData("--monotonic", "1000")]
    [InlineData("--monotonic", "-1")]
    public async Task A_target_whose_monotonic_clock_is_off_is_refused(string clock, string seconds)
    {
        await using RunningProcess outer = StartInTimeNamespace(clock, seconds, Built.TruthTarget, "--drivers", "1");
        int target = await NamespacedChild.OfAsync(outer);
        try
        {
            await AttachedRun.ListedAsync(target);
            await AttachedRun.RefusesAsync($"Process {target} is in a time namespace whose monotonic clock is {seconds} s off", Built.Collector, "attach", "--pid", $"{target}", "--port", "0");
        }
        finally
        {
            ProcessSignal.TryTerminate(target);
        }
    }

    /// <summary>A start time that the target reads itself is not the one that is read out here; its events have the kernel's times.</summary>
    [Fact]
    public async Task A_target_whose_other_clock_is_off_is_observed()
    {
        await using RunningProcess outer = StartInTimeNamespace(
            "--boottime", "1000", Built.TruthTarget, "--drivers", "1", "--iterations", "300", "--compute-us", "500");
        int target = await NamespacedChild.OfAsync(outer);
        await AttachedRun.ListedAsync(target);
        ObservedRun run = ObservedRun.Read(
            await RunningProcess.RunAsync(Built.Collector, ["attach", "--pid", $"{target}", "--json", "--accounts", _accounts.Path, "--port", "0"]), _accounts);
        await outer.WaitAsync(Limits.Condition);

        Assert.Equal(300, run.Accounts.Count);
        Assert.InRange(run.Incomplete, 0, 3);
    }

    /// <summary>Where it is the collector that is in one.</summary>
    [Fact]
    public async Task A_collector_whose_monotonic_clock_is_off_refuses()
    {
        await using RunningProcess target = RunningProcess.Start(Built.TruthTarget, ["--drivers", "1"]);
        await AttachedRun.ListedAsync(target.Id);
        await using RunningProcess collector = StartInTimeNamespace("--monotonic", "1000", Built.Collector, "attach", "--pid", $"{target.Id}", "--port", "0");
        FinishedProcess refused = await collector.WaitAsync(Limits.Condition);

        Assert.Equal((2, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("is in a time namespace whose monotonic clock is 1000 s off", Assert.Single(refused.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _accounts.Dispose();
        _books.Dispose();
        _sockets.Delete(recursive: true);
    }

    private static RunningProcess StartInTimeNamespace(string clock, string seconds, params string[] program)
    {
        NeedsNamespaces();
        Assert.SkipUnless(File.Exists("/proc/self/ns/time"), "Needs time namespaces (Linux 5.6).");
        return RunningProcess.Start("unshare", ["--time", $"{clock}={seconds}", "--fork", "--kill-child", .. program]);
    }

    private static void NeedsNamespaces() => Assert.SkipUnless(
        Environment.IsPrivilegedProcess && Programs.Exists("unshare"), "Needs root and unshare.");

    private void AssertSeen(TruthRun run, string tier)
    {
        _log.WriteLine(run.Summary());
        Assert.Equal(tier, run.Observed.Source("kernel")["tier"]!.GetValue<string>());
        Assert.Equal(RightsRun.Iterations, run.Observed.Accounts.Count);
        Assert.All(run.Observed.Accounts, account => Assert.Equal(account.Wall, account.States.Values.Sum()));
        Assert.InRange(run.Complete.Count, RightsRun.Iterations * (tier == "kernel" ? 0.99 : 0.9), RightsRun.Iterations);
        long inside = run.Complete.Sum(pair => pair.Truth.Inside.Cpu), outside = run.Complete.Sum(pair => pair.Truth.Outside.Cpu);
        Assert.InRange(run.Complete.Sum(pair => pair.Running), inside * 97 / 100, (outside * 103 / 100) + run.Stolen);
    }
}
