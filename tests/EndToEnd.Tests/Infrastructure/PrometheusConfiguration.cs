using YamlDotNet.RepresentationModel;

namespace Observatory.EndToEnd.Tests;

/// <summary>A configuration of prometheus/ with only the addresses and the interval of the test in it, and its rules found from anywhere.</summary>
internal static class PrometheusConfiguration
{
    /// <param name="file">Name of the product's configuration.</param>
    /// <param name="targets">Address (host:port) by job; each job of the configuration must be named.</param>
    /// <param name="interval">Scrape interval, as in <c>1s</c>.</param>
    /// <param name="receiver">Where it sends what it scrapes, if it is one that does.</param>
    public static string For(
        string file, IReadOnlyDictionary<string, string> targets, string interval, Uri? receiver = null)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(Built.InRepository($"prometheus/{file}"))));
        var root = (YamlMappingNode)stream.Documents[0].RootNode;
        var global = (YamlMappingNode)root["global"];
        global.Children["scrape_interval"] = interval;
        global.Children["scrape_timeout"] = interval;
        // Prometheus looks for them from the folder of its configuration.
        if (root.Children.ContainsKey("rule_files"))
            root.Children["rule_files"] = new YamlSequenceNode(Built.InRepository("prometheus/rules/*.yml"));
        if (receiver is not null)
            ((YamlMappingNode)root["remote_write"][0]).Children["url"] = new Uri(receiver, "api/v1/write").ToString();
        foreach (YamlNode job in (YamlSequenceNode)root["scrape_configs"])
        {
            ((YamlMappingNode)job["static_configs"][0]).Children["targets"] =
                new YamlSequenceNode(targets[job["job_name"].ToString()].Split(',').Select(address => new YamlScalarNode(address)));
        }

        using var result = new StringWriter();
        stream.Save(result, assignAnchors: false);
        return result.ToString();
    }
}
