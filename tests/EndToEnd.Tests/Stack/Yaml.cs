using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Observatory.EndToEnd.Tests;

/// <summary>YAML files of the repository.</summary>
internal static class Yaml
{
    /// <summary>The root of a file's only document.</summary>
    public static YamlMappingNode Read(string path)
    {
        var stream = new YamlStream();
        using var text = new StringReader(File.ReadAllText(Built.InRepository(path)));
        stream.Load(new MergingParser(new Parser(text)));
        return (YamlMappingNode)Assert.Single(stream.Documents).RootNode;
    }

    extension(YamlNode node)
    {
        /// <summary>The child of this name; null when there is none.</summary>
        public YamlNode? Child(string name) => ((YamlMappingNode)node).Children.TryGetValue(name, out YamlNode? child)
            ? child
            : null;

        /// <summary>The items of the list of this name; none when there is no such list.</summary>
        public string[] List(string name) =>
            node.Child(name) is YamlSequenceNode list ? [.. list.Select(item => item.ToString())] : [];

        /// <summary>The text of this name; empty when there is none.</summary>
        public string Text(string name) => node.Child(name)?.ToString() ?? "";
    }
}
