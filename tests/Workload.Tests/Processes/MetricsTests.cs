using System.Net;

namespace Observatory.Workload.Tests;

/// <summary>Scrapes of a running sweep, by the names that queries and dashboards use.</summary>
public sealed class MetricsTests
{
    private const string Sweep = "sweep --batches 8 --sequences 512 --dims 128 --threads 1 --port 0";

    private const string Labels = """batch_size="8",embedding_dim="128",operation="linear",sequence_length="512"}""";

    [Theory]
    [InlineData("workload_iterations_total")]
    [InlineData("workload_tokens_total")]
    [InlineData("workload_floating_point_operations_total")]
    [InlineData("workload_iteration_duration_seconds_count")]
    [InlineData("workload_iteration_duration_seconds_sum")]
    [InlineData("workload_input_memory_bytes")]
    [InlineData("workload_arithmetic_intensity")]
    [InlineData("workload_working_set_bytes")]
    [InlineData("workload_predicted_memory_bytes")]
    [InlineData("workload_cache_level")]
    public void A_series_of_the_configuration(string name) =>
        Assert.Contains(Page.Value, line => line.StartsWith(name + "{", StringComparison.Ordinal)
            && line.Contains(Labels, StringComparison.Ordinal));

    [Theory]
    [InlineData("workload_intra_op_threads{", " 1")]
    [InlineData("workload_resident_memory_bytes{", "")]
    [InlineData("workload_configuration_info{", " 1")]
    [InlineData("dotnet_gc_collections_total{", "")]
    [InlineData("target_info{", " 1")]
    public void A_series_of_the_process(string start, string end) =>
        Assert.Contains(Page.Value, line => line.StartsWith(start, StringComparison.Ordinal)
            && line.EndsWith(end, StringComparison.Ordinal));

    [Fact]
    public void The_process_says_which_one_it_is() => Assert.Contains(
        "service_name=\"observatory-workload\"",
        Page.Value.Single(line => line.StartsWith("target_info{", StringComparison.Ordinal)),
        StringComparison.Ordinal);

    [Fact]
    public void The_data_type_labels_the_configuration_in_progress() => Assert.Contains(
        """dtype="float32",""",
        Page.Value.Single(line => line.StartsWith("workload_configuration_info{", StringComparison.Ordinal)),
        StringComparison.Ordinal);

    [Fact]
    public void Tokens_and_operations_are_multiples_of_the_iterations()
    {
        double iterations = Value("workload_iterations_total");

        Assert.Equal(iterations * 8 * 512, Value("workload_tokens_total"));
        Assert.Equal(iterations * 2 * 8 * 512 * 128 * 128, Value("workload_floating_point_operations_total"));
        Assert.Equal(iterations, Value("workload_iteration_duration_seconds_count"));
        Assert.Equal(4 * 8 * 512 * 128, Value("workload_input_memory_bytes"));
        Assert.Equal(4 * ((2 * 8 * 512 * 128) + (128 * 128)), Value("workload_working_set_bytes"));
    }

    [Theory]
    [InlineData("1E-05")]
    [InlineData("60")]
    [InlineData("3600")]
    [InlineData("+Inf")]
    public void The_buckets_are_those_of_the_contract(string bound) => Assert.Contains(
        Page.Value,
        line => line.StartsWith("workload_iteration_duration_seconds_bucket{", StringComparison.Ordinal)
            && line.Contains($"le=\"{bound}\"", StringComparison.Ordinal));

    [Fact]
    public void No_name_says_ratio() =>
        Assert.DoesNotContain(Page.Value, line => line.Contains("_ratio", StringComparison.Ordinal));

    [Fact]
    public void What_was_not_measured_has_no_series() => Assert.DoesNotContain(
        Page.Value,
        line => line.StartsWith("workload_machine_peak_flops", StringComparison.Ordinal)
            || line.StartsWith("workload_roofline_share", StringComparison.Ordinal));

    [Fact]
    public async Task Limits_and_the_share_of_them_are_shown_once_they_were_measured()
    {
        using WorkloadProcess process = WorkloadProcess.Start($"{Sweep} --once --passes 100000");
        using var client = new HttpClient { BaseAddress = await AddressAsync(process) };
        await process.ErrorLineAsync("Pass 1 done");

        string[] page = (await client.GetStringAsync("/metrics")).Split('\n');

        string[] names =
        [
            "workload_machine_peak_flops{", "workload_machine_memory_bandwidth_bytes_per_second{", "workload_roofline_share{",
        ];
        Assert.All(names, name => Assert.Contains(page, line => line.StartsWith(name, StringComparison.Ordinal)));
        process.Signal("TERM");
        Assert.Equal(0, (await process.EndAsync()).Code);
    }

    /// <summary>Elsewhere the series stay as they are without those axes.</summary>
    [Fact]
    public async Task Threads_and_element_types_are_labels_where_a_study_has_several()
    {
        using WorkloadProcess process = WorkloadProcess.Start($"{Sweep} --threads 1,2 --dtypes float32,bfloat16".Replace("--threads 1 ", "", StringComparison.Ordinal));
        using var client = new HttpClient { BaseAddress = await AddressAsync(process) };
        await process.ErrorLineAsync("Pass 1 done");

        string[] page = (await client.GetStringAsync("/metrics")).Split('\n');

        string[] counts = [.. page.Where(line => line.StartsWith("workload_iterations_total{", StringComparison.Ordinal))];
        Assert.Equal(4, counts.Length);
        Assert.All(
            (string[])["dtype=\"float32\"", "dtype=\"bfloat16\"", "threads=\"1\"", "threads=\"2\""],
            label => Assert.Equal(2, counts.Count(line => line.Contains(label, StringComparison.Ordinal))));
        Assert.DoesNotContain(Page.Value, line => line.Contains("threads=", StringComparison.Ordinal));
        Assert.Single(page, line => line.StartsWith("workload_configuration_info{", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Health_and_the_first_page_answer()
    {
        using WorkloadProcess process = WorkloadProcess.Start(Sweep);
        using var client = new HttpClient { BaseAddress = await AddressAsync(process) };

        Assert.Equal("ok\n", await client.GetStringAsync("/healthz"));
        Assert.Contains("/metrics", await client.GetStringAsync("/"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/nothing")).StatusCode);
    }

    /// <summary>One scrape for all tests, taken after some iterations have been counted.</summary>
    private static readonly Lazy<string[]> Page = new(() => Task.Run(ScrapeAsync).GetAwaiter().GetResult());

    private static async Task<string[]> ScrapeAsync()
    {
        using WorkloadProcess process = WorkloadProcess.Start(Sweep);
        using var client = new HttpClient { BaseAddress = await AddressAsync(process) };
        await process.ErrorLineAsync("Pass 1 done");
        string page = await client.GetStringAsync("/metrics");
        process.Signal("TERM");
        Assert.Equal(0, (await process.EndAsync()).Code);
        return page.Split('\n');
    }

    /// <summary>Port 0 is any free one; the log says which.</summary>
    private static async Task<Uri> AddressAsync(WorkloadProcess process)
    {
        string line = await process.ErrorLineAsync("Metrics at ");
        return new Uri(line[line.IndexOf("http", StringComparison.Ordinal)..].TrimEnd('.'));
    }

    private static double Value(string name)
    {
        string line = Page.Value.Single(line => line.StartsWith(name + "{", StringComparison.Ordinal));
        return double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
