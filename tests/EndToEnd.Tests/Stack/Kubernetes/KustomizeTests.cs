using YamlDotNet.RepresentationModel;

namespace Observatory.EndToEnd.Tests;

/// <summary>The pod keeps the promises of compose.yaml.</summary>
public sealed class KustomizeTests
{
    private static readonly YamlNode Compose = Yaml.Read("compose.yaml")["services"];

    public static TheoryData<string> Folders => ["base", "unprivileged"];

    public static TheoryData<string, string> Containers => new MatrixTheoryData<string, string>(
        ["base", "unprivileged"], ["workload", "collector"]);

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task It_builds(string folder)
    {
        Manifests built = await Manifests.BuildAsync(folder);
        Assert.Equal(["PodMonitor", "PrometheusRule", "Service", "StatefulSet"], built.Kinds.Order());
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Both_containers_see_the_same_processes_and_the_same_socket(string folder)
    {
        Manifests built = await Manifests.BuildAsync(folder);
        YamlNode pod = built.Pod["spec"];
        Assert.Equal("true", pod.Text("shareProcessNamespace"));
        YamlNode diagnostics = Items(pod, "volumes").Single(volume => volume.Text("name") == "diagnostics");
        Assert.Equal("Memory", diagnostics["emptyDir"].Text("medium"));
        foreach (string name in new[] { "workload", "collector" })
        {
            YamlNode container = built.Container(name);
            Assert.Contains(Items(container, "env"), one => one.Text("name") == "TMPDIR" && one.Text("value") == "/diagnostics");
            Assert.Contains(Items(container, "volumeMounts"), one => one.Text("name") == "diagnostics" && one.Text("mountPath") == "/diagnostics");
        }
    }

    [Theory]
    [MemberData(nameof(Containers))]
    public async Task A_container_gives_up_every_right_has_a_bound_and_is_asked_how_it_is(string folder, string name)
    {
        YamlNode container = (await Manifests.BuildAsync(folder)).Container(name);
        YamlNode security = container["securityContext"];
        Assert.Equal(["ALL"], security["capabilities"].List("drop"));
        Assert.Equal("false", security.Text("allowPrivilegeEscalation"));
        Assert.Equal("true", security.Text("readOnlyRootFilesystem"));
        Assert.NotEmpty(container["resources"]["limits"].Text("memory"));
        Assert.NotEmpty(container["resources"]["requests"].Text("cpu"));
        // A quota would stop what is being measured.
        Assert.Equal("", container["resources"]["limits"].Text("cpu"));
        string port = Assert.Single(Items(container, "ports")).Text("name");
        Assert.All(["startupProbe", "livenessProbe"], probe => Assert.Equal(port, container[probe]["httpGet"].Text("port")));
        Assert.StartsWith(Compose[name].Text("image") + ":", container.Text("image"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_collector_gets_the_rights_back_that_compose_gives_it()
    {
        Manifests built = await Manifests.BuildAsync("base");
        YamlNode capabilities = built.Container("collector")["securityContext"]["capabilities"];
        Assert.Equal(Compose["collector"].List("cap_add").Order(), capabilities.List("add").Order());
        Assert.Empty(built.Container("workload")["securityContext"]["capabilities"].List("add"));
    }

    [Fact]
    public async Task Without_privileges_there_is_no_capability_no_root_and_nothing_of_the_host()
    {
        Manifests built = await Manifests.BuildAsync("unprivileged");
        Assert.All(["workload", "collector"], name =>
        {
            YamlNode security = built.Container(name)["securityContext"];
            Assert.Empty(security["capabilities"].List("add"));
            Assert.Equal("true", security.Text("runAsNonRoot"));
            // One user: the diagnostics socket is open to that user only.
            Assert.Equal("1654", security.Text("runAsUser"));
        });
        Assert.DoesNotContain(Items(built.Pod["spec"], "volumes"), volume => volume.Child("hostPath") is not null);
        Assert.Equal("RuntimeDefault", built.Pod["spec"]["securityContext"]["seccompProfile"].Text("type"));
    }

    [Fact]
    public async Task It_is_scraped_as_prometheus_yml_scrapes_it()
    {
        Manifests built = await Manifests.BuildAsync("base");
        YamlNode monitor = built["PodMonitor"]["spec"];
        Assert.Equal(built.Pod["metadata"]["labels"], monitor["selector"]["matchLabels"]);
        YamlNode one = Yaml.Read("prometheus/prometheus.yml");
        foreach (YamlNode job in (YamlSequenceNode)one["scrape_configs"])
        {
            YamlNode endpoint = Items(monitor, "podMetricsEndpoints").Single(endpoint => endpoint.Text("port") == job.Text("job_name"));
            Assert.Equal(one["global"].Text("scrape_interval"), endpoint.Text("interval"));
            Assert.Contains(Items(endpoint, "relabelings"), label => label.Text("targetLabel") == "job" && label.Text("replacement") == job.Text("job_name"));
            Assert.Contains(Items(endpoint, "relabelings"), label => label.Text("targetLabel") == "host_name");
            Assert.Equal(job["metric_relabel_configs"][0].Text("regex"), Assert.Single(Items(endpoint, "metricRelabelings")).Text("regex"));
        }
    }

    private static YamlSequenceNode Items(YamlNode node, string name) => (YamlSequenceNode)node[name];
}
