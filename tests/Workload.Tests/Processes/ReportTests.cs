using System.Diagnostics;
using Observatory.Study;
using Observatory.Tests.Shared;

namespace Observatory.Workload.Tests;

/// <summary>The commands that read results files, as a user runs them.</summary>
public sealed class ReportTests
{
    private const string Sizes = "--batches 1,2,4 --sequences 16 --dims 8,32";

    [Fact]
    public async Task What_a_sweep_wrote_is_reported_compared_and_costed()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "results.json");
        await DoneAsync($"sweep {Sizes} --iterations 5 --passes 6 --threads 1 --no-metrics --quiet --results {file}");

        string report = await DoneAsync(
            $"report {file} --html {file}.html --csv {file}.csv --samples-csv {file}.samples.csv --plots {folder.Path}");
        string same = await DoneAsync($"compare {file} {file} --fail-on-regression");
        string capacity = await DoneAsync($"report {file} --capacity --slo 10s --price-per-hour 0.5");

        Assert.Contains("## Claims", report, StringComparison.Ordinal);
        Assert.Contains("<svg", await File.ReadAllTextAsync(file + ".html"), StringComparison.Ordinal);
        Assert.Equal(7, (await File.ReadAllLinesAsync(file + ".csv")).Length);
        Assert.Equal(1 + (6 * 30), (await File.ReadAllLinesAsync(file + ".samples.csv")).Length);
        Assert.StartsWith(
            "<svg xmlns=",
            await File.ReadAllTextAsync(Path.Combine(folder.Path, "linear-latency-against-dim.svg")),
            StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\| +slower \|", same);
        // 30 samples are fewer than the 59 that a bound of p95 needs, whatever the machine does meanwhile.
        Assert.Contains("no batch and sequence measured is known to keep the target", capacity, StringComparison.Ordinal);
        Assert.Matches("[0-9]+: (effective n [0-9]+ of 59|[0-9.]+ % of its samples disturbed)", capacity);
    }

    [Fact]
    public async Task A_regression_is_a_finding_only_when_asked_for()
    {
        using var folder = new TemporaryFolder();
        string before = Save(folder, "before.json", Results(1_000_000));
        string after = Save(folder, "after.json", Results(1_500_000));

        Assert.Equal(0, (await RunAsync($"compare {before} {after}")).Code);
        (int code, string output, _) = await RunAsync($"compare {before} {after} --fail-on-regression");

        Assert.Equal(1, code);
        Assert.Contains("1 slower", output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync($"compare {after} {before} --fail-on-regression")).Code);
        (int none, _, IReadOnlyList<string> gate) = await RunAsync($"compare {before} {before} --fail-on-regression --fail-on-inconclusive");
        Assert.Equal((0, "0 of 1 configurations are slower; 0 are inconclusive at a margin of 5.0 %."), (none, Assert.Single(gate)));
    }

    [Fact]
    public async Task What_is_inconclusive_is_a_finding_only_when_asked_for()
    {
        using var folder = new TemporaryFolder();
        string file = Save(folder, "few.json", Results(1_000_000) with { Configurations = [Configuration(1_000_000) with { Visits = null }] });

        Assert.Equal(0, (await RunAsync($"compare {file} {file} --fail-on-regression")).Code);
        (int code, _, IReadOnlyList<string> errors) = await RunAsync($"compare {file} {file} --fail-on-inconclusive");
        Assert.Equal((1, "0 of 1 configurations are slower; 1 are inconclusive at a margin of 5.0 %."), (code, Assert.Single(errors)));
    }

    [Fact]
    public async Task Threads_of_one_run_are_compared()
    {
        using var folder = new TemporaryFolder();
        string one = Save(folder, "one.json", Results(1_000_000));
        string both = Save(folder, "both.json", Results(1_000_000) with
        {
            Configurations = [Configuration(1_000_000), Configuration(600_000) with { Threads = 2 }],
        });

        string output = await DoneAsync($"compare {both} --across threads");
        Assert.Contains("## 2 threads (B) with 1 (A)", output, StringComparison.Ordinal);
        Assert.Contains("1 faster.", output, StringComparison.Ordinal);
        await RefusedAsync($"compare {one} --across threads", "every configuration in it has 1 threads; sweep with several, for example --threads 1,2.");
        await RefusedAsync($"compare {both} {one} --across threads", "--across compares within one run");
        await RefusedAsync($"compare {both} --across dims", "--across is 'dims'; give threads.");
    }

    [Fact]
    public async Task Runs_of_different_machines_are_compared_on_request_only()
    {
        using var folder = new TemporaryFolder();
        string here = Save(folder, "here.json", Results(1_000_000));
        string there = Save(folder, "there.json", Results(1_000_000) with { Machine = Results(1).Machine with { Id = "there" } });

        await RefusedAsync($"compare {here} {there}", "were made on different machines; run both on one, or add --ignore-machine.");
        Assert.Contains("machine here and there", await DoneAsync($"compare {here} {there} --ignore-machine"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "cannot be used: it is empty; give a file of sweep --results.")]
    [InlineData("{}", "cannot be used: it is JSON, but not a results file")]
    [InlineData("operation,batch", "cannot be used: it is not a results file")]
    public async Task A_file_of_something_else_is_refused(string text, string expected)
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.With("file", text).Path, "file");

        await RefusedAsync($"report {file}", expected);
        await RefusedAsync($"compare {file} {file}", expected);
    }

    [Fact]
    public async Task What_cannot_be_read_written_or_compared_is_refused()
    {
        using var folder = new TemporaryFolder();
        string file = Save(folder, "file.json", Results(1_000_000));
        string other = Save(folder, "other.json", Results(1_000_000) with { Configurations = [Configuration(1_000_000) with { Dim = 9 }] });
        string empty = Save(folder, "empty.json", Results(1_000_000) with { Configurations = [] });

        await RefusedAsync("report /nowhere/results.json", "'/nowhere/results.json' cannot be read");
        await RefusedAsync($"report {folder.Path}", "cannot be read");
        await RefusedAsync($"report {file} --html /nowhere/page.html", "'/nowhere/page.html' cannot be written");
        await RefusedAsync($"report {file} --plots {file}/plots", $"--plots '{file}/plots' cannot be made");
        await RefusedAsync($"report {file} --plots ''", "--plots is empty; give a folder.");
        await RefusedAsync($"report {file} --samples-csv /nowhere/samples.csv", "'/nowhere/samples.csv' cannot be written");
        await RefusedAsync($"report {empty}", "it has no samples");
        await RefusedAsync($"report {empty} --capacity --slo 1s", "it has no samples");
        await RefusedAsync($"compare {file} {other}", "they have no configuration in common");
    }

    [Fact]
    public async Task An_output_that_is_the_input_or_another_output_is_refused_and_neither_changes()
    {
        using var folder = new TemporaryFolder();
        string file = Save(folder, "ok.json", Results(1_000_000));
        string link = Path.Combine(folder.Path, "link");
        File.CreateSymbolicLink(link, file);
        string before = await File.ReadAllTextAsync(file);

        await RefusedAsync($"report {file} --csv {file}", $"--csv '{file}' is the same file as the input RESULTS; give each its own.");
        await RefusedAsync($"report {file} --html {link}", "is the same file as the input RESULTS");
        await RefusedAsync($"report {file} --csv {folder.Path}/a --samples-csv {folder.Path}/a", "is the same file as --csv");

        Assert.Equal(before, await File.ReadAllTextAsync(file));
        Assert.Equal(["link", "ok.json"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_folder_for_plots_is_made()
    {
        using var folder = new TemporaryFolder();
        string file = Save(folder, "file.json", Results(1_000_000));

        await DoneAsync($"report {file} --plots {folder.Path}/new/plots/");

        Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder.Path, "new", "plots"), "*.svg"));
    }

    [Fact]
    public async Task A_full_disk_behind_standard_output_is_one_line_and_exit_code_1()
    {
        using var folder = new TemporaryFolder();
        string file = Save(folder, "file.json", Results(1_000_000));
        foreach (string command in (string[])[$"report {file}", $"compare {file} {file}"])
        {
            string program = Path.Combine(WorkloadProcess.Folder, "Observatory.Workload.dll");
            var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec dotnet {program} {command} > /dev/full"]) { RedirectStandardError = true };
            using Process process = Process.Start(start)!;
            string errors = await process.StandardError.ReadToEndAsync();
            using var limit = new CancellationTokenSource(WorkloadProcess.Limit);
            await process.WaitForExitAsync(limit.Token);

            Assert.Equal(1, process.ExitCode);
            Assert.StartsWith("workload: standard output '/dev/fd/1' could not be written: No space left", Assert.Single(errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Accounts_that_are_not_those_of_the_run_are_refused()
    {
        using var folder = new TemporaryFolder();
        string file = Save(folder, "file.json", Timed(Results(1_000_000)));
        string own = Accounts(folder, "own", began: 1_000_500);
        string other = Accounts(folder, "other", began: 900_000_000);
        string old = Save(folder, "old.json", Results(1_000_000));

        Assert.Contains("accounts for 1 of 30 samples", await DoneAsync($"report {file} --accounts {own}"), StringComparison.Ordinal);
        await RefusedAsync($"report {file} --accounts {other}", "it is of another run than the results: iteration 1 is another one; give");
        await RefusedAsync($"report {old} --accounts {own}", "the results do not say when their iterations ran; sweep again");
        await RefusedAsync($"report {file} --accounts {file}", "its line 1 is not an account");
        await RefusedAsync($"report {file} --accounts /nowhere/a", "'/nowhere/a' cannot be read");
        await RefusedAsync($"report {file} --accounts {Path.Combine(folder.With("none", "").Path, "none")}", "it has no account; give");
    }

    /// <summary>Iteration 1, whose sample began 1 ms after the run.</summary>
    private static string Accounts(TemporaryFolder folder, string name, long began) => Path.Combine(folder.With(name, $$"""
        {"iteration":1,"thread":7,"operation":"linear","batch_size":1,"sequence_length":16,"embedding_dim":8,"began_ns":{{began}},"ended_ns":{{began + 2_000_000}},"complete":true,"ns":{"gc":null,"running":2000000},"pool_ns":null}
        """).Path, name);

    private static StudyResults Timed(StudyResults results) => results with
    {
        Run = results.Run with { MonotonicBeginNs = 1_000 },
        Configurations = [.. results.Configurations.Select(one => one with { Visits = [new Visit(1_000_000, 30) { FirstIteration = 1 }] })],
    };

    [Theory]
    [InlineData("report", "Required argument 'RESULTS' missing")]
    [InlineData("report x --capacity", "--capacity needs a target; add --slo")]
    [InlineData("report x --capacity --slo 200", "--slo is '200'; give a time such as 500ms, 60s")]
    [InlineData("report x --capacity --slo 0s", "--slo is '0s'")]
    [InlineData("report x --capacity --slo 1s --price-per-hour -1", "--price-per-hour is '-1'; give a number above 0, such as 0.5.")]
    [InlineData("report x --capacity --slo 1s --price-per-hour 0", "--price-per-hour is '0'; give a number above 0, such as 0.5.")]
    [InlineData("report x --price-per-hour 0", "--price-per-hour is '0'; give a number above 0, such as 0.5.")]
    [InlineData("report x --slo 1s", "--slo belongs to --capacity")]
    [InlineData("compare x", "compare needs two files, or one and --across threads.")]
    public Task Wrong_usage(string arguments, string expected) => RefusedAsync(arguments, expected);

    [Fact]
    public async Task One_repetition_is_a_report_that_says_what_is_inconclusive()
    {
        using var folder = new TemporaryFolder();
        string file = Save(folder, "one.json", Results(1_000_000) with { Configurations = [Configuration(1_000_000) with { DurationNs = [5], Visits = null }] });

        Assert.Contains("inconclusive", await DoneAsync($"report {file}"), StringComparison.Ordinal);
        Assert.Contains("1 inconclusive", await DoneAsync($"compare {file} {file} --fail-on-regression"), StringComparison.Ordinal);
    }

    private static StudyResults Results(long nanoseconds) => new()
    {
        StartedAt = DateTimeOffset.UnixEpoch,
        Machine = new MachineFingerprint { Id = "here", Cores = 1, Torch = "2.10.0", Threads = 1 },
        Run = new RunSettings { Operations = ["linear"], Seed = 1, Order = "listed", Warmup = 0, Iterations = 30, Passes = 1 },
        Configurations = [Configuration(nanoseconds)],
    };

    private static MeasuredConfiguration Configuration(long nanoseconds) => new()
    {
        Operation = "linear", Batch = 1, Sequence = 16, Dim = 8, Dtype = "float32", Threads = 1,
        DurationNs = [.. Enumerable.Range(0, 30).Select(i => nanoseconds + (i * 37 % 30 * 100))],
        Visits = [.. Enumerable.Range(0, 10).Select(visit => new Visit(visit * 1_000_000_000L, 3))],
    };

    private static string Save(TemporaryFolder folder, string name, StudyResults results) =>
        Path.Combine(folder.With(name, StudyResultsWriter.Write(results)).Path, name);

    private static async Task<string> DoneAsync(string arguments)
    {
        (int code, string output, IReadOnlyList<string> errors) = await RunAsync(arguments);
        Assert.True(code == 0, string.Join('\n', errors));
        return output;
    }

    private static async Task RefusedAsync(string arguments, string expected)
    {
        (int code, string output, IReadOnlyList<string> errors) = await RunAsync(arguments);
        Assert.Equal((2, ""), (code, output));
        string line = Assert.Single(errors);
        Assert.StartsWith("workload: ", line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, IReadOnlyList<string> Errors)> RunAsync(string arguments)
    {
        using WorkloadProcess process = WorkloadProcess.Start(arguments);
        (int code, string output) = await process.EndAsync();
        return (code, output, process.Errors);
    }
}
