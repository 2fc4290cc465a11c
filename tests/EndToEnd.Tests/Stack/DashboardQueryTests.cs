using System.Text.Json;
using System.Text.RegularExpressions;

namespace Observatory.EndToEnd.Tests;

/// <summary>Every question that a dashboard asks is asked of a real Prometheus that scrapes a real sweep.</summary>
[Collection(SharedSweep.Name)]
public sealed partial class DashboardQueryTests(DashboardData data) : IClassFixture<DashboardData>
{
    /// <summary>Queries that may find nothing on a healthy machine, and why.</summary>
    private static readonly Dictionary<string, string> MayBeEmpty = new()
    {
        ["observatory-time / Throttling by the CPU quota / B"] = "a share of no periods is no number, and without a quota there are none",
        ["observatory-time / Throttling by the CPU quota / C"] = "a cause has a series once there is time of it, and without a quota there is none",
    };

    /// <summary>Metrics that may be absent on a healthy machine, and why; so may be what asks for them.</summary>
    private static readonly Dictionary<string, string> MayBeAbsent = new()
    {
        ["observatory_preempted_by_seconds_total"] = "appears when a process takes a CPU, and there may be enough for all",
        ["observatory_trace_captured_timestamp_seconds"] = "appears with the first trace, which needs something that stands out",
        ["observatory_trace_unit_duration_seconds"] = "appears with the first trace, which needs something that stands out",
        ["observatory_units_incomplete_total"] = "appears with the first request whose account lacks something",
        ["observatory_cgroup_throttled_seconds_total"] = "the root control group has no file for it",
        ["observatory_cgroup_periods_total"] = "the root control group has no file for it",
        ["observatory_pressure_stalled_seconds_total"] = "a kernel may be built without pressure stall information",
        ["observatory_iteration_instructions_total"] = "most virtual machines have no hardware counters",
        ["observatory_iteration_cpu_cycles_total"] = "most virtual machines have no hardware counters",
        ["observatory_iteration_cache_misses_total"] = "most virtual machines have no hardware counters",
        ["observatory_iterations_counted_total"] = "most virtual machines have no hardware counters",
        ["workload_machine_cache_size_bytes"] = "not every hypervisor says what the caches are",
        ["workload_cache_level"] = "not every hypervisor says what the caches are",
        ["dotnet_thread_pool_thread_count"] = "the name of dotnet_thread_pool_thread_count_total once it is exported as the level that it is",
        ["dotnet_thread_pool_queue_length"] = "the name of dotnet_thread_pool_queue_length_total once it is exported as the level that it is",
    };

    /// <summary>Labels that no series has on a single machine: a variable of theirs offers All, which finds those without it, too.</summary>
    private static readonly string[] OfManyMachines = ["host_name"];

    private static readonly PanelQuery[] All = [.. Dashboard.All.SelectMany(dashboard => dashboard.Queries)];

    private static readonly PanelQuery[] Marks = [.. Dashboard.All.SelectMany(dashboard => dashboard.Marks).DistinctBy(mark => mark.Expression)];

    public static TheoryData<string> Queries => [.. All.Select(query => query.Name)];

    public static TheoryData<string> Metrics => [.. All.Concat(Marks).SelectMany(query => query.Metrics).Distinct()];

    public static TheoryData<string> Variables =>
    [
        .. (from dashboard in Dashboard.All
            from variable in dashboard.Variables
            where (string)variable["type"]! == "query"
            select (string)variable["query"]!["query"]!).Distinct(),
    ];

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task A_query_returns_data(string name)
    {
        PrometheusServer prometheus = data.Prometheus;
        PanelQuery query = All.Single(query => query.Name == name);
        Assert.DoesNotContain("$", query.Expanded, StringComparison.Ordinal);
        bool isExcused = MayBeEmpty.ContainsKey(name)
            || (query.Metrics.Any(MayBeAbsent.ContainsKey) && !query.Expression.Contains(" or ", StringComparison.Ordinal));
        if (isExcused) await prometheus.QueryAsync(query.Expanded);
        else await HasDataAsync(prometheus, query.Expanded);
    }

    [Theory]
    [MemberData(nameof(Metrics))]
    public async Task A_metric_that_is_named_exists(string metric)
    {
        PrometheusServer prometheus = data.Prometheus;
        if (!MayBeAbsent.ContainsKey(metric)) await HasDataAsync(prometheus, metric);
    }

    /// <summary>What it marks is out of the ordinary, so it may find nothing; but it is a question that has an answer.</summary>
    [Fact]
    public async Task A_mark_is_a_valid_query()
    {
        PrometheusServer prometheus = data.Prometheus;
        foreach (PanelQuery mark in Marks) await prometheus.QueryAsync(mark.Expanded);
        Assert.NotEmpty(Marks);
    }

    [Theory]
    [MemberData(nameof(Variables))]
    public async Task A_variable_has_values(string query)
    {
        PrometheusServer prometheus = data.Prometheus;
        Match parts = LabelValues().Match(query);
        Assert.True(parts.Success, $"{query} is not label_values(metric, label)");
        string series = new PanelQuery("", "", "", parts.Groups["series"].Value, "", IsInstant: true).Expanded;
        string path = $"api/v1/label/{parts.Groups["label"].Value}/values?match[]={Uri.EscapeDataString(series)}";
        int least = OfManyMachines.Contains(parts.Groups["label"].Value) ? 0 : 1;
        await Eventually.GetAsync(
            $"values of {query}", () => prometheus.GetAsync(path), (JsonElement values) => values.GetArrayLength() >= least);
    }

    [Fact]
    public void Every_excuse_is_still_needed_by_something()
    {
        Assert.Empty(MayBeEmpty.Keys.Except(All.Select(query => query.Name)));
        Assert.Empty(MayBeAbsent.Keys.Except(All.SelectMany(query => query.Metrics)));
    }

    [Fact]
    public void Every_query_names_a_metric() =>
        Assert.All(All, query => Assert.True(query.Metrics.Any(), $"{query.Name} names no metric that is recognized"));

    private static async Task HasDataAsync(PrometheusServer prometheus, string query)
    {
        IReadOnlyList<Sample> found = await Eventually.GetAsync(
            $"data from {query}",
            () => prometheus.QueryAsync(query),
            found => found.Any(sample => double.IsFinite(sample.Value)),
            TimeSpan.FromSeconds(60));
        Assert.NotEmpty(found);
    }

    [GeneratedRegex(@"^label_values\((?<series>\w+(\{.*\})?), (?<label>\w+)\)$")]
    private static partial Regex LabelValues();
}
