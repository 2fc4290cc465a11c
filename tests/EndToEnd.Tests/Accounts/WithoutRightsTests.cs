using Observatory.EndToEnd.Tests.Infrastructure;

namespace Observatory.EndToEnd.Tests.Accounts;

public sealed class WithoutRightsTests
{
    private const string Nobody = "65534";

    [Fact]
    public async Task Without_rights_iterations_are_still_seen_and_what_is_not_known_is_called_unknown()
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
                    Built.Collector, "--json", "--accounts", file.Path, "--port", "0",
                    "--", "--port", "0", "--once", .. ObservedRun.SmallStudy,
                ],
                new Dictionary<string, string?> { ["HOME"] = home.FullName });
            ObservedRun run = ObservedRun.Read(finished, file);

            Assert.Equal("none", run.Source("kernel")["tier"]!.GetValue<string>());
            Assert.Contains("kernel: ", finished.Error, StringComparison.Ordinal);
            Assert.Equal(6, run.Iterations);
            Assert.Equal(6, run.Incomplete);
            Assert.Equal(0, run.Seconds("running") + run.Seconds("preempted") + run.Seconds("waking") + run.Seconds("blocked"));
            Assert.All(run.Accounts, account => Assert.Equal(account.Wall, account.States["unknown"] + account.States["gc"]));
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
