using Observatory.Tests.Shared;

namespace Observatory.EndToEnd.Tests;

/// <summary>What every query keeps to: metrics and labels that are documented, windows that fit, no rate of a level.</summary>
public sealed class QueryRuleTests
{
    /// <summary>Metrics that are not ours, and whether they only ever grow.</summary>
    private static readonly Dictionary<string, bool> Foreign = new()
    {
        ["up"] = false,
        ["scrape_duration_seconds"] = false,
        ["scrape_samples_scraped"] = false,
        ["dotnet_exceptions_total"] = true,
        ["dotnet_gc_collections_total"] = true,
        ["dotnet_gc_heap_total_allocated_bytes_total"] = true,
        ["dotnet_gc_pause_time_seconds_total"] = true,
        ["dotnet_jit_compilation_time_seconds_total"] = true,
        ["dotnet_jit_compiled_methods_total"] = true,
        ["dotnet_monitor_lock_contentions_total"] = true,
        ["dotnet_process_cpu_count"] = false,
        ["dotnet_process_cpu_time_seconds_total"] = true,
        ["dotnet_process_memory_working_set_bytes"] = false,
        // Levels, although the exporter types them as counters.
        ["dotnet_thread_pool_queue_length_total"] = false,
        ["dotnet_thread_pool_thread_count_total"] = false,
        ["dotnet_thread_pool_queue_length"] = false,
        ["dotnet_thread_pool_thread_count"] = false,
    };

    /// <summary>Labels that Prometheus, its operator, the exporter and the runtime's own meter bring along.</summary>
    private static readonly string[] ForeignLabels = ["host_name", "instance", "job", "le", "cpu_mode", "gc_heap_generation", "error_type"];

    private static readonly Dictionary<string, MetricRow> Documented = MetricsDocument.Rows().ToDictionary(row => row.Name);

    private static readonly PanelQuery[] All = [.. Dashboard.All.SelectMany(dashboard => dashboard.Queries.Concat(dashboard.Marks))];

    [Fact]
    public void It_names_metrics_that_are_documented()
    {
        string[] named = [.. All.SelectMany(query => query.Metrics).Distinct()];
        Assert.All(named, metric => Assert.True(RowOf(metric) is not null || Foreign.ContainsKey(metric), $"{metric} is not documented"));
        Assert.Empty(Foreign.Keys.Except(named));
    }

    /// <summary>A label that every series has could be left out in one place, and there the others' numbers would be added.</summary>
    [Fact]
    public void It_asks_for_the_chosen_machines_and_processes_everywhere() => Assert.All(All, query =>
    {
        int selectors = query.Expression.Count(letter => letter == '{');
        Assert.Equal(selectors, query.Expression.Split("host_name=~\"$host_name\"").Length - 1);
        Assert.Equal(selectors, query.Expression.Split("instance=~\"$").Length - 1);
    });

    [Fact]
    public void It_names_labels_that_its_metrics_have() => Assert.All(All, query => Assert.Empty(
        query.Labels.Except(query.Metrics.SelectMany(metric => RowOf(metric)?.Labels ?? [])).Except(ForeignLabels)));

    /// <summary>
    /// A window of fixed length misses samples where they are further apart; only what is asked once, or at the end of the
    /// time shown, may look back over all of it, or over what the reader has chosen.
    /// </summary>
    [Fact]
    public void It_looks_back_as_far_as_the_resolution_needs() => Assert.All(All, query => Assert.All(query.Windows, look =>
    {
        string[] allowed = query.IsInstant || look.Modifier.Length > 0 ? ["$__range", "$window", "$__rate_interval"] : ["$__rate_interval"];
        Assert.True(allowed.Contains(look.Window), $"{query.Name}: {look.Function} over [{look.Window}]");
    }));

    [Fact]
    public void Every_window_is_seen() => Assert.All(
        All, query => Assert.Equal(query.Expression.Count(letter => letter == '['), query.Windows.Count()));

    [Fact]
    public void It_takes_rates_of_counters_and_slopes_of_levels() => Assert.All(All, query => Assert.All(query.Windows, look =>
    {
        bool wantsCounter = look.Function is "rate" or "increase" or "resets";
        Assert.True(wantsCounter || look.Function is "deriv" or "avg_over_time", $"{query.Name}: {look.Function}");
        Assert.True(IsCounter(look.Metric) == wantsCounter, $"{query.Name}: {look.Function}({look.Metric})");
    }));

    private static bool IsCounter(string metric) => Foreign.TryGetValue(metric, out bool grows) ? grows : RowOf(metric)!.Type != "gauge";

    /// <summary>The row of a series; a histogram has three.</summary>
    private static MetricRow? RowOf(string series)
    {
        if (Documented.TryGetValue(series, out MetricRow? row)) return row.Type == "histogram" ? null : row;
        int end = series.LastIndexOf('_');
        bool isPart = end > 0 && series[end..] is "_bucket" or "_sum" or "_count";
        return isPart && Documented.TryGetValue(series[..end], out row) && row.Type == "histogram" ? row : null;
    }
}
