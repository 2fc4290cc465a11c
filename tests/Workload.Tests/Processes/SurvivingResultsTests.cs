using Observatory.Study;
using Observatory.Tests.Shared;

namespace Observatory.Workload.Tests;

/// <summary>What is left in the results file however a sweep ends.</summary>
public sealed class SurvivingResultsTests : IDisposable
{
    private const string Small = "sweep --batches 1,2 --sequences 16 --dims 8 --threads 1 --no-metrics --no-limits";

    /// <summary>It never comes to its first sample.</summary>
    private const string WarmingUp = "sweep --batches 8 --sequences 512 --dims 128 --warmup 1000000000 --no-metrics --no-limits";

    private readonly TemporaryFolder _folder = new();
    private readonly string _file;

    public SurvivingResultsTests() => _file = Path.Combine(_folder.Path, "a.json");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task A_stop_during_warm_up_leaves_good_results_as_they_are(string signal)
    {
        await DoneAsync($"{Small} --once --results {_file}");
        string before = await File.ReadAllTextAsync(_file);
        using WorkloadProcess process = WorkloadProcess.Start($"{WarmingUp} --results {_file}");
        await process.ErrorLineAsync("Sweeping 1 configurations");

        process.Signal(signal);

        Assert.Equal(1, (await process.EndAsync()).Code);
        await process.ErrorLineAsync($"Stopped before the first sample: {_file} is not written.");
        Assert.Equal(before, await File.ReadAllTextAsync(_file));
        Assert.Equal([_file], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_hangup_ends_a_sweep_with_its_results()
    {
        using WorkloadProcess process = WorkloadProcess.Start($"{Small} --results {_file}");
        await process.ErrorLineAsync("Pass 1 done");

        process.Signal("HUP");

        Assert.Equal(0, (await process.EndAsync()).Code);
        Assert.True(Read(_file).Run.Passes >= 1);
        Assert.Equal([_file], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_killed_sweep_has_written_its_passes()
    {
        using WorkloadProcess process = WorkloadProcess.Start($"{Small} --results {_file}");
        await UntilAsync(() => File.Exists(_file));

        process.Signal("KILL");
        await process.EndAsync();

        StudyResults results = Read(_file);
        Assert.True(results.Run.Passes >= 1);
        Assert.All(results.Configurations, one => Assert.True(one.DurationNs.Count >= 3 * results.Run.Passes));
    }

    [Fact]
    public async Task Fewer_samples_stand_beside_more_until_the_run_has_ended_as_it_was_meant_to()
    {
        await DoneAsync($"{Small} --iterations 60000 --once --quiet --results {_file}");
        string before = await File.ReadAllTextAsync(_file);
        using (WorkloadProcess process = WorkloadProcess.Start($"{Small} --iterations 1 --warmup 2000 --results {_file}"))
        {
            await UntilAsync(() => File.Exists(_file + ".partial"));
            process.Signal("INT");
            Assert.Equal(0, (await process.EndAsync()).Code);
            await process.ErrorLineAsync($"{_file} holds 120000 samples of another run and stays as it is");
        }

        Assert.Equal(before, await File.ReadAllTextAsync(_file));
        Assert.InRange(Read(_file + ".partial").Configurations.Sum(one => one.DurationNs.Count), 2, 119_999);

        await DoneAsync($"{Small} --once --results {_file}");
        Assert.Equal(6, Read(_file).Configurations.Sum(one => one.DurationNs.Count));
    }

    [Fact]
    public async Task A_full_disk_is_one_line_and_exit_code_1_and_the_table_is_printed_all_the_same()
    {
        using WorkloadProcess process = WorkloadProcess.Start($"{Small} --once --quiet --results /dev/full");

        (int code, string output) = await process.EndAsync();

        Assert.Equal(1, code);
        Assert.Contains("6 iterations and 2 of warm-up in 1 passes", output, StringComparison.Ordinal);
        Assert.StartsWith(
            "workload: --results '/dev/full' could not be written: No space left on device", Assert.Single(process.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_sweeps_do_not_write_one_file()
    {
        using WorkloadProcess first = WorkloadProcess.Start($"{Small} --results {_file}");
        await first.ErrorLineAsync("Pass 1 done");
        string link = Path.Combine(_folder.Path, "link.json");
        await UntilAsync(() => File.Exists(_file));
        File.CreateSymbolicLink(link, _file);

        foreach (string path in (string[])[_file, link])
        {
            using WorkloadProcess second = WorkloadProcess.Start($"{Small} --once --results {path}");
            Assert.Equal(2, (await second.EndAsync()).Code);
            Assert.Contains(
                $"--results '{path}' is being written by another sweep; give another file.", Assert.Single(second.Errors), StringComparison.Ordinal);
        }

        first.Signal("TERM");
        Assert.Equal(0, (await first.EndAsync()).Code);
        await DoneAsync($"{Small} --once --results {_file}");
    }

    [Fact]
    public async Task A_run_goes_on_where_it_was_stopped()
    {
        await DoneAsync($"{Small} --once --passes 2 --seed 7 --results {_file}");
        StudyResults before = Read(_file);

        await DoneAsync($"sweep --resume {_file} --passes 5 --no-metrics");

        StudyResults after = Read(_file);
        Assert.Equal((5, 5, 7), (after.Run.Passes, after.Run.PlannedPasses, after.Run.Seed));
        Assert.Equal(before.StartedAt, after.StartedAt);
        Assert.Equal(before.Run.MonotonicBeginNs, after.Run.MonotonicBeginNs);
        Assert.All(before.Configurations.Zip(after.Configurations), pair =>
        {
            (MeasuredConfiguration old, MeasuredConfiguration all) = pair;
            Assert.Equal(old.Key, all.Key);
            Assert.Equal(old.DurationNs, all.DurationNs.Take(6));
            Assert.Equal(15, all.DurationNs.Count);
            Assert.Equal(5, all.Visits!.Count);
            Assert.Equal(all.Visits.Select(visit => visit.AtNs).Order(), all.Visits.Select(visit => visit.AtNs));
            Assert.Equal([true, true, false, false, false], all.Visits.Select(visit => visit.FirstIteration is null));
        });
    }

    [Theory]
    [InlineData("--batches 4", "--batches is decided by the run that --resume names; leave it out.")]
    [InlineData("--preset quick", "--preset is decided by the run")]
    [InlineData("--threads 2", "--threads is decided by the run")]
    public async Task What_the_run_decides_cannot_be_given_anew(string option, string expected)
    {
        using WorkloadProcess process = WorkloadProcess.Start($"sweep --resume {_file} {option}");

        Assert.Equal(2, (await process.EndAsync()).Code);
        Assert.Contains(expected, Assert.Single(process.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_of_another_machine_does_not_go_on_here()
    {
        await DoneAsync($"{Small} --once --results {_file}");
        StudyResults other = Read(_file) with { Machine = Read(_file).Machine with { Id = "other" } };
        await File.WriteAllTextAsync(_file, StudyResultsWriter.Write(other));
        using WorkloadProcess process = WorkloadProcess.Start($"sweep --resume {_file} --passes 9 --no-metrics --quiet");

        Assert.Equal(2, (await process.EndAsync()).Code);

        Assert.Contains("was made on another machine; run a new sweep.", Assert.Single(process.Errors), StringComparison.Ordinal);
        Assert.Equal(1, Read(_file).Run.Passes);
    }

    /// <summary>A window holds 65536 samples of a configuration; an endless sweep then begins a new file.</summary>
    [Fact]
    public async Task An_endless_sweep_puts_full_files_aside()
    {
        using WorkloadProcess process = WorkloadProcess.Start(
            $"sweep --batches 1 --sequences 1 --dims 8 --threads 1 --iterations 30000 --no-metrics --no-limits --results {_file}");
        await UntilAsync(() => File.Exists(_file + ".2"));

        process.Signal("TERM");
        await process.EndAsync();

        foreach (string full in (string[])[_file + ".1", _file + ".2"])
        {
            StudyResults results = Read(full);
            MeasuredConfiguration only = Assert.Single(results.Configurations);
            Assert.Equal((60_000, 2, null), (only.DurationNs.Count, results.Run.Passes, only.DroppedSamples));
            Assert.Equal(60_000, only.Visits!.Sum(visit => visit.Samples));
        }

        Assert.True(
            Read(_file + ".2").Configurations[0].Visits![^1].FirstIteration < Read(_file + ".1").Configurations[0].Visits![0].FirstIteration);
    }

    private static StudyResults Read(string path) => StudyResultsReader.Read(File.ReadAllText(path));

    private static async Task DoneAsync(string arguments)
    {
        using WorkloadProcess process = WorkloadProcess.Start(arguments);
        (int code, _) = await process.EndAsync();
        Assert.True(code == 0, string.Join('\n', process.Errors));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(WorkloadProcess.Limit);
        while (!condition()) await Task.Delay(20, limit.Token);
    }
}
