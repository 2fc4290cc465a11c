using Observatory.EndToEnd.Tests.Infrastructure;
using YamlDotNet.RepresentationModel;

namespace Observatory.EndToEnd.Tests.Stack;

/// <summary>What the stack promises about itself. That it runs is tested by tests/compose/run.sh.</summary>
public sealed class ComposeTests
{
    private static readonly YamlMappingNode Root = Yaml.Read("compose.yaml");

    public static TheoryData<string> Services => ["workload", "collector", "prometheus", "grafana"];

    [Fact]
    public void There_are_four_services() =>
        Assert.Equal(
            Services.Select(row => row.Data).Order(),
            ((YamlMappingNode)Root["services"]).Children.Keys.Select(name => name.ToString()).Order());

    [Theory]
    [MemberData(nameof(Services))]
    public void A_service_is_published_on_loopback_only(string name)
    {
        YamlNode service = Service(name);
        Assert.All(service.List("ports"), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
        Assert.NotEmpty(service.List("ports"));
        Assert.Equal("", service.Text("network_mode"));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void A_service_gives_up_every_right_and_comes_back_after_a_failure(string name)
    {
        YamlNode service = Service(name);
        Assert.Null(service.Child("privileged"));
        Assert.Equal(["ALL"], service.List("cap_drop"));
        Assert.Equal(["no-new-privileges:true"], service.List("security_opt"));
        Assert.Equal("unless-stopped", service.Text("restart"));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void What_is_mounted_from_the_repository_exists_and_is_read_only(string name)
    {
        foreach (string[] mount in Service(name).List("volumes").Select(mount => mount.Split(':')))
        {
            if (!mount[0].StartsWith('.')) continue;
            Assert.True(Path.Exists(Built.InRepository(mount[0])), $"{mount[0]} does not exist");
            Assert.Equal("ro", mount[^1]);
        }
    }

    [Fact]
    public void Only_the_collector_gets_rights_back_and_only_these()
    {
        Assert.Equal(
            ["DAC_OVERRIDE", "IPC_LOCK", "PERFMON", "SYS_NICE"], Service("collector").List("cap_add").Order());
        Assert.All(["workload", "prometheus", "grafana"], name => Assert.Empty(Service(name).List("cap_add")));
    }

    [Fact]
    public void The_collector_sees_the_workloads_processes_and_its_diagnostics_socket()
    {
        YamlNode workload = Service("workload");
        YamlNode collector = Service("collector");
        Assert.Equal("service:workload", collector.Text("pid"));
        Assert.Equal("/diagnostics", workload["environment"].Text("TMPDIR"));
        Assert.Equal("/diagnostics", collector["environment"].Text("TMPDIR"));
        Assert.Contains("diagnostics:/diagnostics", workload.List("volumes"));
        Assert.Contains("diagnostics:/diagnostics", collector.List("volumes"));
        Assert.Contains("tracefs:/sys/kernel/tracing:ro", collector.List("volumes"));
    }

    [Fact]
    public void Each_waits_for_the_health_of_what_it_needs()
    {
        Assert.Equal("service_healthy", Service("collector")["depends_on"]["workload"].Text("condition"));
        Assert.Equal("service_healthy", Service("prometheus")["depends_on"]["workload"].Text("condition"));
        Assert.Equal("service_healthy", Service("prometheus")["depends_on"]["collector"].Text("condition"));
        Assert.Contains("prometheus", Service("grafana")["depends_on"].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Prometheus_keeps_exemplars_and_bounds_what_it_keeps()
    {
        string[] command = Service("prometheus").List("command");
        Assert.Contains("--enable-feature=exemplar-storage", command);
        Assert.Contains(command, flag => flag.StartsWith("--storage.tsdb.retention.time=", StringComparison.Ordinal));
        Assert.Contains(command, flag => flag.StartsWith("--storage.tsdb.retention.size=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("prometheus", "prom/prometheus:v")]
    [InlineData("grafana", "grafana/grafana:")]
    public void An_image_of_others_has_a_version(string name, string prefix)
    {
        string image = Service(name).Text("image");
        Assert.StartsWith(prefix, image, StringComparison.Ordinal);
        Assert.True(char.IsAsciiDigit(image[prefix.Length]), $"{image} has no version");
    }

    [Theory]
    [InlineData("workload")]
    [InlineData("collector")]
    public void An_image_of_ours_restores_before_it_copies_sources_and_asks_itself_how_it_is(string name)
    {
        string path = Service(name)["build"].Text("dockerfile");
        string text = File.ReadAllText(Built.InRepository(path));
        Assert.Contains("FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build", text, StringComparison.Ordinal);
        Assert.Contains("FROM mcr.microsoft.com/dotnet/aspnet:10.0\n", text, StringComparison.Ordinal);
        Assert.Contains("\"health\"]", text, StringComparison.Ordinal);
        int restore = text.IndexOf("dotnet restore", StringComparison.Ordinal);
        Assert.InRange(restore, 0, text.IndexOf("COPY src/Contract src/Contract", StringComparison.Ordinal));
    }

    private static YamlNode Service(string name) => Root["services"][name];
}
