using System.Text.Json;

namespace Observatory.Workload.Tests;

/// <summary>Real sweeps of the smallest configuration, with libtorch.</summary>
public sealed class SweepTests
{
    private const string Small = "--batches 8 --sequences 512 --dims 128";

    [Fact]
    public async Task One_pass_gives_one_JSON_object_with_the_counts_asked_for()
    {
        using WorkloadProcess process = WorkloadProcess.Start(
            $"sweep {Small} --once --no-limits --json --iterations 4 --warmup 2 --threads 1 --seed 9 --no-metrics");

        JsonElement result = await ResultAsync(process);

        Assert.Equal(4, result.GetProperty("iterations").GetInt64());
        Assert.Equal(2, result.GetProperty("warmup_iterations").GetInt64());
        Assert.Equal(1, result.GetProperty("passes").GetInt64());
        Assert.Equal(1, result.GetProperty("threads").GetInt32());
        Assert.Equal(9, result.GetProperty("seed").GetInt32());
        Assert.StartsWith("2.", result.GetProperty("torch").GetString(), StringComparison.Ordinal);
        JsonElement configuration = Assert.Single(result.GetProperty("configurations").EnumerateArray());
        Assert.Equal(
            """["linear",8,512,128,4]""",
            JsonSerializer.Serialize(configuration.EnumerateObject().Take(5).Select(property => property.Value)));
        JsonElement latency = configuration.GetProperty("latency_seconds");
        double[] ordered = [.. "min p50 p95 max".Split(' ').Select(name => latency.GetProperty(name).GetDouble())];
        Assert.Equal(ordered.Order(), ordered);
        Assert.True(ordered[0] > 0 && configuration.GetProperty("gflops").GetDouble() > 0);
    }

    [Fact]
    public async Task The_command_line_comes_before_the_environment_and_that_before_the_file()
    {
        using WorkloadProcess process = WorkloadProcess.Start(
            "sweep --iterations 1 --once --no-limits --json --no-metrics",
            ("WORKLOAD_ITERATIONS", "5"),
            ("WORKLOAD_WARMUP", "0"),
            ("WORKLOAD_BATCHES", "1,2"),
            ("WORKLOAD_SEQUENCES", "16"),
            ("WORKLOAD_DIMS", "8"));

        JsonElement result = await ResultAsync(process);

        Assert.Equal(2, result.GetProperty("iterations").GetInt64());
        Assert.Equal(0, result.GetProperty("warmup_iterations").GetInt64());
    }

    [Fact]
    public async Task A_person_gets_a_table_and_quiet_means_quiet()
    {
        using WorkloadProcess process = WorkloadProcess.Start($"sweep {Small} --once --no-limits --quiet --no-metrics");

        (int code, string output) = await process.EndAsync();

        Assert.Equal(0, code);
        Assert.Empty(process.Errors);
        Assert.Contains("3 iterations and 1 of warm-up in 1 passes", output, StringComparison.Ordinal);
        Assert.Contains(" % of 3 watched samples were disturbed", output, StringComparison.Ordinal);
        Assert.EndsWith(
            "\n\nAn interval needs 4 visits, this run has 1: --passes 8.\np95 needs 20 samples, this run has 3: --passes 7.\n", output, StringComparison.Ordinal);
        Assert.Equal(6, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task A_duration_ends_an_endless_sweep()
    {
        using WorkloadProcess process = WorkloadProcess.Start($"sweep {Small} --duration 3s --json --no-metrics");

        JsonElement result = await ResultAsync(process);

        Assert.True(result.GetProperty("iterations").GetInt64() > 0);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_ends_an_endless_sweep_with_its_results(string signal)
    {
        using WorkloadProcess process = WorkloadProcess.Start($"sweep {Small} --json --no-metrics");
        await process.ErrorLineAsync("Pass 1 done");

        process.Signal(signal);

        Assert.True((await ResultAsync(process)).GetProperty("passes").GetInt64() >= 1);
        await process.ErrorLineAsync($"Stopping: SIG{signal}");
    }

    [Fact]
    public async Task The_end_of_standard_input_ends_a_sweep_that_was_told_so()
    {
        using WorkloadProcess process = WorkloadProcess.Start(
            $"sweep {Small} --json --no-metrics --until-stdin-closes");
        await process.ErrorLineAsync("Pass 1 done");

        process.CloseInput();

        Assert.True((await ResultAsync(process)).GetProperty("passes").GetInt64() >= 1);
    }

    [Fact]
    public async Task A_closed_standard_input_means_nothing_otherwise()
    {
        using WorkloadProcess process = WorkloadProcess.Start($"sweep {Small} --once --no-limits --json --no-metrics");
        process.CloseInput();

        Assert.Equal(1, (await ResultAsync(process)).GetProperty("passes").GetInt64());
    }

    [Fact]
    public async Task Without_a_folder_that_can_be_written_the_library_still_loads()
    {
        using WorkloadProcess process = WorkloadProcess.Start(
            $"sweep {Small} --once --no-limits --json --no-metrics",
            ("XDG_CACHE_HOME", "/proc/nowhere"),
            ("HOME", "/proc/nowhere"));

        Assert.Equal(3, (await ResultAsync(process)).GetProperty("iterations").GetInt64());
    }

    private static async Task<JsonElement> ResultAsync(WorkloadProcess process)
    {
        (int code, string output) = await process.EndAsync();
        Assert.True(code == 0, string.Join('\n', process.Errors));
        using JsonDocument document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }
}
