using System.Text.Json;
using System.Text.RegularExpressions;
using Observatory.EndToEnd.Tests.Infrastructure;

namespace Observatory.EndToEnd.Tests.Stack;

/// <summary>Every question that a dashboard asks is asked of a real Prometheus that scrapes a real sweep.</summary>
[Collection(SharedSweep.Name)]
public sealed partial class DashboardQueryTests(ObservedSweep sweep)
{
    /// <summary>Queries that may find nothing on a healthy machine, and why.</summary>
    private static readonly Dictionary<string, string> MayBeEmpty = new()
    {
        ["observatory-overview / Suspension by the garbage collector / A"] =
            "the histogram appears with the first suspension, and a sweep allocates too little for one to be certain",
    };

    /// <summary>Metrics that may be absent on a healthy machine, and why.</summary>
    private static readonly Dictionary<string, string> MayBeAbsent = new()
    {
        ["observatory_gc_suspension_duration_seconds_sum"] = "appears with the first suspension",
    };

    private static readonly PanelQuery[] All = [.. Dashboard.All.SelectMany(dashboard => dashboard.Queries)];

    public static TheoryData<string> Queries => [.. All.Select(query => query.Name)];

    public static TheoryData<string> Metrics => [.. All.SelectMany(query => query.Metrics).Distinct()];

    public static TheoryData<string> Variables =>
    [
        .. from dashboard in Dashboard.All
           from variable in dashboard.Variables
           where (string)variable["type"]! == "query"
           select (string)variable["query"]!["query"]!,
    ];

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task A_query_returns_data(string name)
    {
        PrometheusServer prometheus = sweep.Prometheus;
        PanelQuery query = All.Single(query => query.Name == name);
        Assert.DoesNotContain("$", query.Expanded, StringComparison.Ordinal);
        if (MayBeEmpty.ContainsKey(name)) await prometheus.QueryAsync(query.Expanded);
        else await HasDataAsync(prometheus, query.Expanded);
    }

    [Theory]
    [MemberData(nameof(Metrics))]
    public async Task A_metric_that_is_named_exists(string metric)
    {
        PrometheusServer prometheus = sweep.Prometheus;
        if (!MayBeAbsent.ContainsKey(metric)) await HasDataAsync(prometheus, metric);
    }

    [Theory]
    [MemberData(nameof(Variables))]
    public async Task A_variable_has_values(string query)
    {
        PrometheusServer prometheus = sweep.Prometheus;
        Match parts = LabelValues().Match(query);
        Assert.True(parts.Success, $"{query} is not label_values(metric, label)");
        string path = $"api/v1/label/{parts.Groups["label"].Value}/values?match[]={parts.Groups["metric"].Value}";
        await Eventually.GetAsync(
            $"values of {query}", () => prometheus.GetAsync(path), (JsonElement values) => values.GetArrayLength() > 0);
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

    [GeneratedRegex(@"^label_values\((?<metric>\w+), (?<label>\w+)\)$")]
    private static partial Regex LabelValues();
}
