namespace Observatory.EndToEnd.Tests;

/// <summary>Every question that a rule or an alert asks is asked of a real Prometheus that scrapes a real sweep.</summary>
[Collection(SharedSweep.Name)]
public sealed class RuleQueryTests(ObservedSweep sweep)
{
    private const string TooYoung = "it compares with hours ago, and this sweep has just begun; prometheus/tests has values";
    private const string Quota = "only a control group with a CPU quota has periods";

    /// <summary>Rules that may find nothing on a healthy machine, and why.</summary>
    private static readonly Dictionary<string, string> MayBeEmpty = new()
    {
        ["configuration:observatory_iteration_duration_seconds:drift6h"] = TooYoung,
        ["configuration:observatory_iteration_duration_seconds:drift1d"] = TooYoung,
        ["instance:observatory_target_memory_usage_bytes:growth6h"] = TooYoung,
        ["ObservatoryLatencyDrift against=6h"] = TooYoung,
        ["ObservatoryLatencyDrift against=1d"] = TooYoung,
        ["ObservatoryMemoryGrowth"] = TooYoung,
        ["ObservatorySoakFails"] = "no soak test is made",
        ["instance:observatory_cgroup_periods:throttled_ratio_rate5m"] = Quota,
        ["ObservatoryThrottling"] = Quota,
        ["ObservatoryTargetMissing"] = "both targets are there",
        ["ObservatoryEventsWithoutAccounts"] = "every iteration has its account",
        ["ObservatoryCardinalityOverflow"] = "no metric has that many label sets",
        ["ObservatoryGarbageCollection"] = "a state's series appears where it is measured: not without the runtime source",
        ["ObservatoryPreemption"] = "a state's series appears where it is measured: not without the kernel source",
    };

    public static TheoryData<string> Rules => [.. Rule.All.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task A_rule_finds_data(string name)
    {
        PrometheusServer prometheus = sweep.Prometheus;
        Rule rule = Rule.All.Single(rule => rule.Name == name);
        if (MayBeEmpty.ContainsKey(name)) await prometheus.QueryAsync(rule.Expression);
        else await HasDataAsync(prometheus, rule.WithoutLimit);
    }

    [Fact]
    public void Every_excuse_is_still_needed_by_something() =>
        Assert.Empty(MayBeEmpty.Keys.Except(Rule.All.Select(rule => rule.Name)));

    [Fact]
    public async Task Prometheus_evaluates_every_rule_and_is_content()
    {
        PrometheusServer prometheus = sweep.Prometheus;
        IReadOnlyList<RuleHealth> rules = await Eventually.GetAsync(
            "every rule to be evaluated",
            prometheus.RulesAsync,
            found => found.Count == Rule.All.Count && found.All(rule => rule.Health != "unknown"));
        Assert.All(rules, rule => Assert.True(rule.Health == "ok", $"{rule.Name}: {rule.Error}"));
    }

    [Fact]
    public async Task What_is_recorded_adds_up()
    {
        PrometheusServer prometheus = sweep.Prometheus;
        const string Sum = "sum without (state) (instance_state:observatory_iteration_time_seconds:ratio_rate5m)";
        IReadOnlyList<Sample> whole = await Eventually.GetAsync(
            "recorded shares", () => prometheus.QueryAsync(Sum), found => found.Count > 0);
        Assert.InRange(Assert.Single(whole).Value, 1 - 1e-9, 1 + 1e-9);
    }

    [Fact]
    public async Task Nobody_is_told_that_a_target_is_gone_while_both_are_there()
    {
        PrometheusServer prometheus = sweep.Prometheus;
        await Eventually.TrueAsync("both targets", async () => (await prometheus.QueryAsync("up == 1")).Count == 2);
        Assert.Empty(await prometheus.QueryAsync("""ALERTS{alertname=~"ObservatoryTarget.*"}"""));
    }

    private static async Task HasDataAsync(PrometheusServer prometheus, string query)
    {
        IReadOnlyList<Sample> found = await Eventually.GetAsync(
            $"data from {query}",
            () => prometheus.QueryAsync(query),
            found => found.Any(sample => double.IsFinite(sample.Value)));
        Assert.NotEmpty(found);
    }
}
