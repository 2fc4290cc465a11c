using YamlDotNet.RepresentationModel;

namespace Observatory.EndToEnd.Tests;

/// <summary>Grafana finds its data and its dashboards without anybody clicking.</summary>
public sealed class ProvisioningTests
{
    private static readonly YamlNode Grafana = Yaml.Read("compose.yaml")["services"]["grafana"];

    [Fact]
    public void The_data_source_is_the_one_that_dashboards_start_with()
    {
        YamlNode source = DataSource();
        Assert.Equal("http://prometheus:9090", source.Text("url"));
        Assert.All(Dashboard.All, dashboard =>
        {
            var variable = dashboard.Variables.Single(variable => (string)variable["name"]! == "datasource");
            Assert.Equal(source.Text("uid"), (string)variable["current"]!["value"]!);
        });
    }

    [Fact]
    public void Grafana_knows_how_often_Prometheus_scrapes() => Assert.Equal(
        Yaml.Read("prometheus/prometheus.yml")["global"].Text("scrape_interval"),
        DataSource()["jsonData"].Text("timeInterval"));

    [Fact]
    public void Dashboards_are_read_from_where_they_are_mounted()
    {
        YamlNode provider = Yaml.Read("grafana/provisioning/dashboards/observatory.yaml")["providers"][0];
        string path = provider["options"].Text("path");
        Assert.Contains($"./grafana/dashboards:{path}:ro", Grafana.List("volumes"));
        Assert.Contains("./grafana/provisioning:/etc/grafana/provisioning:ro", Grafana.List("volumes"));
        Assert.Equal($"{path}/overview.json", Grafana["environment"].Text("GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"));
    }

    [Fact]
    public void A_viewer_needs_no_login_and_can_change_nothing()
    {
        Assert.Equal("true", Grafana["environment"].Text("GF_AUTH_ANONYMOUS_ENABLED"));
        Assert.Equal("Viewer", Grafana["environment"].Text("GF_AUTH_ANONYMOUS_ORG_ROLE"));
    }

    private static YamlNode DataSource() =>
        Yaml.Read("grafana/provisioning/datasources/prometheus.yaml")["datasources"][0];
}
