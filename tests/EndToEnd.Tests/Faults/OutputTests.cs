namespace Observatory.EndToEnd.Tests;

/// <summary>Files that a user names, where they cannot be what they are meant to be.</summary>
public sealed class OutputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("observatory-outputs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("--accounts")]
    [InlineData("--nettrace")]
    public async Task A_full_disk_ends_the_file_and_not_the_observation(string option)
    {
        await using RunningProcess target = RunningProcess.Start(Built.Workload, AttachedRun.Sweep);
        await AttachedRun.ListedAsync(target.Id);
        FinishedProcess finished = await RunningProcess.RunAsync(
            Built.Collector, ["attach", "--pid", $"{target.Id}", option, "/dev/full", "--no-live", "--duration", "4s", "--port", "0"]);

        Assert.Equal(1, finished.ExitCode);
        Assert.Contains("batch  seq  dim", finished.Output, StringComparison.Ordinal);
        Assert.Single(finished.Error.Split('\n'), line => line.Contains("'/dev/full' ends after 0 bytes, the observation goes on", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", finished.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_without_a_reader_does_not_keep_the_start_waiting()
    {
        string pipe = Path.Combine(_folder, "pipe");
        Assert.Equal(0, (await RunningProcess.RunAsync("mkfifo", [pipe])).ExitCode);
        await using RunningProcess target = RunningProcess.Start(Built.Workload, AttachedRun.Sweep);
        await AttachedRun.ListedAsync(target.Id);
        FinishedProcess finished = await RunningProcess.RunAsync(
            Built.Collector, ["attach", "--pid", $"{target.Id}", "--accounts", pipe, "--no-live", "--duration", "2s", "--port", "0"]);

        Assert.Equal(1, finished.ExitCode);
        Assert.Contains("batch  seq  dim", finished.Output, StringComparison.Ordinal);
        Assert.Contains("nothing has opened it for reading", finished.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_elsewhere_empties_no_file()
    {
        string file = Path.Combine(_folder, "accounts");
        await File.WriteAllTextAsync(file, "old");

        await AttachedRun.RefusesAsync("no process", Built.Collector, "attach", "--pid", $"{int.MaxValue}", "--accounts", file, "--nettrace", file + "2", "--port", "0");
        await AttachedRun.RefusesAsync("workload: ", Built.Collector, "--accounts", file, "--port", "0", "--", "--port", "0", "--dims", "wide");

        Assert.Equal("old", await File.ReadAllTextAsync(file));
        Assert.Equal([file], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Two_outputs_are_not_one_file() => await AttachedRun.RefusesAsync(
        "is the same file as --accounts", Built.Collector, "--accounts", Path.Combine(_folder, "x"), "--nettrace", Path.Combine(_folder, ".", "x"));

    [Theory]
    [InlineData("--accounts", "", "--accounts is empty; give a file.")]
    [InlineData("--nettrace", "/dev", "it is a folder")]
    [InlineData("--duration", "1200h", "49 days at most")]
    public async Task What_cannot_be_used_is_refused_at_once(string option, string value, string expected) =>
        await AttachedRun.RefusesAsync(expected, Built.Collector, option, value);

    [Fact]
    public async Task A_temporary_folder_that_cannot_be_used_is_said_by_every_command()
    {
        string longFolder = Directory.CreateDirectory(Path.Combine(_folder, new string('x', 110))).FullName;
        foreach ((string folder, string expected) in new[] { ("/nonexistent", "does not exist"), (longFolder, "longer than the 107 bytes"), ("/proc", "cannot be written") })
        {
            var environment = new Dictionary<string, string?> { ["TMPDIR"] = folder };
            FinishedProcess started = await RunningProcess.RunAsync(Built.Collector, ["--port", "0", "--", "--port", "0"], environment);
            Assert.Equal(2, started.ExitCode);
            string line = Assert.Single(started.Error.TrimEnd().Split('\n'));
            Assert.Contains(expected, line, StringComparison.Ordinal);
            Assert.Contains("Set TMPDIR to", line, StringComparison.Ordinal);

            FinishedProcess doctor = await RunningProcess.RunAsync(Built.Collector, ["doctor"], environment);
            Assert.Contains("temporary folder", doctor.Output, StringComparison.Ordinal);
            Assert.Contains(expected, doctor.Output, StringComparison.Ordinal);
            Assert.Equal("", doctor.Error);
        }
    }

    [Fact]
    public async Task Too_few_descriptors_are_one_line_with_a_remedy()
    {
        FinishedProcess finished = await RunningProcess.RunAsync("bash", ["-c", $"ulimit -n 160; exec '{Built.Collector}' doctor"]);

        Assert.Equal(2, finished.ExitCode);
        Assert.Equal(
            "collector: this process may have 160 files open and needs at least 256. Raise the limit: `ulimit -n 4096`.",
            finished.Error.TrimEnd());
    }
}
