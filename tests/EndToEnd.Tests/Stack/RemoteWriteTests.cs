using YamlDotNet.RepresentationModel;

namespace Observatory.EndToEnd.Tests;

/// <summary>Where one machine is not enough: what a sweep has shown arrives at another Prometheus.</summary>
[Collection(SharedSweep.Name)]
public sealed class RemoteWriteTests(ObservedSweep sweep)
{
    private const string Account = "observatory_iteration_time_seconds_total";

    private static readonly Dictionary<string, string?> Environment = new() { ["HOST_NAME"] = "node-7" };

    public static TheoryData<string> Senders => ["remote-write.yml", "agent.yml"];

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task The_account_of_a_real_sweep_arrives_with_the_name_of_the_machine(string file)
    {
        PrometheusServer.Needed();
        await using PrometheusServer receiver = await PrometheusServer.StartReceiverAsync();
        await using PrometheusServer sender =
            await PrometheusServer.StartSenderAsync(file, sweep.Targets, receiver.Address, Environment);

        IReadOnlyList<Sample> up = await Eventually.GetAsync(
            "both targets at the receiver", () => receiver.QueryAsync("up == 1"), found => found.Count == 2);
        Assert.All(up, target => Assert.Equal("node-7", target["host_name"]));
        // Every series of a configuration, and every state; what is sent is what is scraped, so the states still add up.
        string difference = $"abs(sum without (state) ({Account}) / observatory_iteration_duration_seconds_sum - 1)";
        await Eventually.GetAsync(
            "accounts that add up at the receiver",
            () => receiver.QueryAsync(difference),
            found => found.Count == ObservedSweep.Configurations && found.All(sample => sample.Value < 1e-9));
        Assert.Empty(await receiver.QueryAsync("""{__name__=~".+_created"}"""));
    }

    [Fact]
    public async Task What_rules_record_is_sent_along()
    {
        PrometheusServer.Needed();
        await using PrometheusServer receiver = await PrometheusServer.StartReceiverAsync();
        await using PrometheusServer sender =
            await PrometheusServer.StartSenderAsync("remote-write.yml", sweep.Targets, receiver.Address, Environment);
        // What one evaluation recorded arrives in several requests, so for a moment some states are there without the others.
        await Eventually.GetAsync(
            "recorded shares that add up at the receiver",
            () => receiver.QueryAsync("sum without (state) (instance_state:observatory_iteration_time_seconds:ratio_rate5m)"),
            found => found.Count == 1 && Math.Abs(found[0].Value - 1) < 1e-9);
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public void It_scrapes_what_prometheus_yml_scrapes_in_the_same_way(string file)
    {
        YamlMappingNode one = Yaml.Read("prometheus/prometheus.yml");
        YamlMappingNode other = Yaml.Read($"prometheus/{file}");
        Assert.Equal(one["scrape_configs"], other["scrape_configs"]);
        Assert.Equal(one["global"].Text("scrape_interval"), other["global"].Text("scrape_interval"));
        Assert.Equal("${HOST_NAME}", other["global"]["external_labels"].Text("host_name"));
    }

    [Fact]
    public void Rules_are_evaluated_here_or_there_but_never_twice()
    {
        Assert.Equal(Yaml.Read("prometheus/prometheus.yml").List("rule_files"), Yaml.Read("prometheus/remote-write.yml").List("rule_files"));
        Assert.Empty(Yaml.Read("prometheus/agent.yml").List("rule_files"));
    }
}
