using YamlDotNet.RepresentationModel;

namespace Observatory.EndToEnd.Tests.Infrastructure;

/// <summary>The product's prometheus.yml with only the addresses and the interval of the test in it.</summary>
internal static class PrometheusConfiguration
{
    /// <param name="text">The product's configuration.</param>
    /// <param name="targets">Address (host:port) by job; each job of the configuration must be named.</param>
    /// <param name="interval">Scrape interval, as in <c>1s</c>.</param>
    public static string For(string text, IReadOnlyDictionary<string, string> targets, string interval)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        var root = (YamlMappingNode)stream.Documents[0].RootNode;
        var global = (YamlMappingNode)root["global"];
        global.Children["scrape_interval"] = interval;
        global.Children["scrape_timeout"] = interval;
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
