using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Observatory.EndToEnd.Tests;

/// <summary>What the stack promises about itself. That it runs is tested by tests/compose/run.sh.</summary>
public sealed partial class ComposeTests
{
    private static readonly YamlMappingNode Root = Yaml.Read("compose.yaml");

    public static TheoryData<string> Services =>
        ["namespace", "workload", "collector", "hog", "web", "web-load", "web-collector", "prometheus", "grafana"];

    public static TheoryData<string> Published => ["workload", "collector", "web", "web-collector", "prometheus", "grafana"];

    [Fact]
    public void There_are_no_services_but_those_tested_here() =>
        Assert.Equal(
            Services.Select(row => row.Data).Order(),
            ((YamlMappingNode)Root["services"]).Children.Keys.Select(name => name.ToString()).Order());

    [Theory]
    [MemberData(nameof(Services))]
    public void A_service_is_published_on_loopback_or_not_at_all(string name)
    {
        YamlNode service = Service(name);
        Assert.All(service.List("ports"), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
        Assert.Equal(Published.Any(row => row.Data == name), service.List("ports").Length > 0);
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
        Assert.Equal("true", service.Text("read_only"));
        Assert.Equal("unless-stopped", service.Text("restart"));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void A_service_has_limits_and_its_log_an_end(string name)
    {
        YamlNode service = Service(name);
        Assert.All(["cpus", "mem_limit", "pids_limit"], limit => Assert.NotEqual("", service.Text(limit)));
        Assert.Equal("local", service["logging"].Text("driver"));
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void A_service_is_asked_how_it_is(string name)
    {
        YamlNode service = Service(name);
        bool isAsked = service.Child("healthcheck")?.List("test") is ["CMD", ..]
            || File.ReadAllText(Built.InRepository(DockerfileOf(service))).Contains("HEALTHCHECK", StringComparison.Ordinal);
        Assert.True(isAsked, $"{name} has no health check");
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void An_image_is_built_here_or_has_a_version(string name)
    {
        YamlNode service = Service(name);
        bool isBuiltHere = ((YamlMappingNode)Root["services"]).Children.Values.Any(other => other.Child("build") is not null && other.Text("image") == service.Text("image"));
        if (!isBuiltHere) Assert.Matches(Version(), service.Text("image"));
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

    [Theory]
    [MemberData(nameof(Services))]
    public void What_is_mounted_from_the_machine_is_read_only(string name) =>
        Assert.All(
            Service(name).List("volumes").Where(mount => mount.StartsWith('/')),
            mount => Assert.Equal("/sys/fs/cgroup:/sys/fs/cgroup:ro", mount));

    [Fact]
    public void Only_the_collector_gets_rights_back_and_only_these()
    {
        Assert.All(
            ["collector", "web-collector"],
            name => Assert.Equal(["DAC_OVERRIDE", "IPC_LOCK", "PERFMON", "SYS_NICE"], Service(name).List("cap_add").Order()));
        Assert.All(
            Services.Select(row => row.Data).Where(name => name is not ("collector" or "web-collector")),
            name => Assert.Empty(Service(name).List("cap_add")));
    }

    [Theory]
    [InlineData("workload", "collector")]
    [InlineData("web", "web-collector")]
    public void A_collector_sees_the_processes_of_what_it_observes_and_its_diagnostics_socket(string observed, string observer)
    {
        YamlNode workload = Service(observed);
        YamlNode collector = Service(observer);
        Assert.All([workload, collector], service =>
        {
            Assert.Equal("service:namespace", service.Text("pid"));
            Assert.Equal("/diagnostics", service["environment"].Text("TMPDIR"));
            Assert.Contains("diagnostics:/diagnostics", service.List("volumes"));
        });
        Assert.Contains("tracefs:/sys/kernel/tracing:ro", collector.List("volumes"));
    }

    [Fact]
    public void Each_waits_for_the_health_of_what_it_needs()
    {
        Assert.Equal("service_healthy", Service("collector")["depends_on"]["workload"].Text("condition"));
        Assert.Equal("service_healthy", Service("prometheus")["depends_on"]["workload"].Text("condition"));
        Assert.Equal("service_healthy", Service("prometheus")["depends_on"]["collector"].Text("condition"));
        Assert.Equal("service_healthy", Service("grafana")["depends_on"]["prometheus"].Text("condition"));
    }

    /// <summary>Its process numbers are gone with it, and the processes that have them.</summary>
    [Theory]
    [InlineData("workload")]
    [InlineData("collector")]
    [InlineData("hog")]
    [InlineData("web")]
    [InlineData("web-collector")]
    public void Who_shares_the_namespace_is_started_again_with_it(string name) =>
        Assert.Equal("true", Service(name)["depends_on"]["namespace"].Text("restart"));

    [Fact]
    public void Prometheus_keeps_exemplars_and_bounds_what_it_keeps()
    {
        string[] command = Service("prometheus").List("command");
        Assert.Contains("--enable-feature=exemplar-storage", command);
        Assert.Contains(command, flag => flag.StartsWith("--storage.tsdb.retention.time=", StringComparison.Ordinal));
        Assert.Contains(command, flag => flag.StartsWith("--storage.tsdb.retention.size=", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_its_profile_brings_what_is_beside_the_stack()
    {
        Assert.Equal(["noisy"], Service("hog").List("profiles"));
        Assert.All(["web", "web-load", "web-collector"], name => Assert.Equal(["web"], Service(name).List("profiles")));
        Assert.All(["workload", "collector", "prometheus", "grafana"], name => Assert.Empty(Service(name).List("profiles")));
    }

    [Fact]
    public void Tight_is_less_than_half_a_cpu()
    {
        string cpus = Yaml.Read("docker/tight.yaml")["services"]["workload"].Text("cpus");
        Assert.InRange(double.Parse(cpus, CultureInfo.InvariantCulture), 0.1, 0.5);
    }

    [Fact]
    public void Unprivileged_is_the_user_of_the_workload_without_capabilities_and_without_more_to_see()
    {
        YamlNode collector = Yaml.Read("docker/unprivileged.yaml")["services"]["collector"];
        Assert.Equal("1654:1654", collector.Text("user"));
        Assert.Equal("!reset", collector["cap_add"].Tag);
        Assert.Empty(collector.List("cap_add"));
        Assert.Empty(collector.List("volumes").Except(Service("collector").List("volumes")));
    }

    private static string DockerfileOf(YamlNode service) => ((YamlMappingNode)Root["services"]).Children.Values
        .Single(other => other.Child("build") is not null && other.Text("image") == service.Text("image"))["build"].Text("dockerfile");

    private static YamlNode Service(string name) => Root["services"][name];

    // A tag that begins with a number, after a v or not.
    [GeneratedRegex("^[a-z0-9./-]+:v?[0-9]+[.][0-9.]+$")]
    private static partial Regex Version();
}
