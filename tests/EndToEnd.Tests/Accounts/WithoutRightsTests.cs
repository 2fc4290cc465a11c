using System.Globalization;

namespace Observatory.EndToEnd.Tests;

public sealed class WithoutRightsTests
{
    private const string Nobody = "65534";
    private const int Iterations = 20;

    /// <summary>
    /// Seconds of work: at tier thread nothing that sleeps is certain from when the target begins a thread until that one
    /// is recorded, a fraction of a second, and at its start it begins many.
    /// </summary>
    private const int ManyIterations = 2000;

    [Fact]
    public async Task Without_rights_the_targets_own_threads_are_still_seen()
    {
        ObservedRun run = await AsNobodyAsync(ManyIterations);
        Assert.SkipUnless(ParanoidLevel <= 2, $"Needs perf_event_paranoid 2 or less; it is {ParanoidLevel}.");
        Assert.Equal("thread", run.Source("kernel")["tier"]!.GetValue<string>());
        Assert.Equal(ManyIterations, run.Iterations);
        Assert.NotNull(run.Seconds("waking"));
        Assert.True(run.Seconds("running") > 0);
        Assert.Contains(run.Accounts, account => account.IsComplete);
        Assert.All(run.Accounts, account => Assert.Equal(account.Wall, account.States.Values.Sum()));
    }

    [Fact]
    public async Task Without_the_kernel_iterations_are_still_seen_and_what_is_not_known_is_called_unknown()
    {
        ObservedRun run = await AsNobodyAsync(Iterations, "--tier", "none");
        Assert.Equal("none", run.Source("kernel")["tier"]!.GetValue<string>());
        Assert.Contains("kernel: ", run.Process.Error, StringComparison.Ordinal);
        Assert.Equal(Iterations, run.Iterations);
        Assert.Equal(Iterations, run.Incomplete);
        Assert.All(run.Accounts, account => Assert.Contains("not_joined", account.IncompleteBecause));
        Assert.Null(run.Seconds("running"));
        Assert.All(run.Accounts, account => Assert.Equal(account.Wall, account.States["unknown"] + account.States["gc"]));
    }

    [Fact]
    public async Task A_tier_that_is_out_of_reach_is_not_replaced_by_another()
    {
        ObservedRun run = await AsNobodyAsync(Iterations, "--tier", "kernel");
        Assert.Equal("none", run.Source("kernel")["tier"]!.GetValue<string>());
        Assert.Contains("Remedy: ", run.Process.Error, StringComparison.Ordinal);
    }

    private static int ParanoidLevel =>
        int.Parse(File.ReadAllText("/proc/sys/kernel/perf_event_paranoid"), CultureInfo.InvariantCulture);

    private static async Task<ObservedRun> AsNobodyAsync(int iterations, params string[] options)
    {
        await NeedsAUserWithoutRights();
        DirectoryInfo home = Directory.CreateTempSubdirectory("observatory-nobody-");
        try
        {
            File.SetUnixFileMode(home.FullName, (UnixFileMode)0b111_111_111);
            using var file = new TemporaryFile();
            File.SetUnixFileMode(file.Path, (UnixFileMode)0b110_110_110);
            FinishedProcess finished = await RunningProcess.RunAsync(
                "setpriv",
                [
                    "--reuid", Nobody, "--regid", Nobody, "--clear-groups",
                    Built.Collector, "--json", "--accounts", file.Path, "--port", "0", .. options,
                    "--", "--port", "0", "--once", "--iterations", $"{iterations / 2}", .. ObservedRun.SmallStudy,
                ],
                new Dictionary<string, string?> { ["HOME"] = home.FullName });
            return ObservedRun.Read(finished, file);
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    private static async Task NeedsAUserWithoutRights()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && Programs.Exists("setpriv"), "Needs root and setpriv to drop rights.");
        FinishedProcess readable = await RunningProcess.RunAsync(
            "setpriv", ["--reuid", Nobody, "--regid", Nobody, "--clear-groups", "test", "-x", Built.Workload]);
        Assert.SkipUnless(readable.ExitCode == 0, $"Needs a checkout that other users may read: {Built.Workload}");
    }
}
