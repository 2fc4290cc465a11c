using System.Diagnostics;
using Observatory.Contract;

namespace Observatory.Collector;

/// <summary>The four labels that say which configuration ran when the runtime did something.</summary>
internal sealed class ConfigurationLabels(ConfigurationRegistry configurations)
{
    /// <summary>Between iterations.</summary>
    public const string None = "none";

    /// <summary>During one whose configuration has not been declared yet.</summary>
    public const string Undeclared = "undeclared";

    private static readonly TagList NoneLabels = All(None);
    private static readonly TagList UndeclaredLabels = All(Undeclared);
    private readonly Dictionary<long, TagList> _known = [];

    /// <summary>The labels of a configuration; null between iterations. For one thread.</summary>
    public TagList Of(long? index)
    {
        if (index is not { } configuration) return NoneLabels;
        if (_known.TryGetValue(configuration, out TagList labels)) return labels;
        return configurations.Find(configuration) is { } found ? _known[configuration] = [.. Labels.Of(found)] : UndeclaredLabels;
    }

    private static TagList All(string value) =>
    [
        new(Labels.Operation, value), new(Labels.BatchSize, value), new(Labels.SequenceLength, value), new(Labels.EmbeddingDim, value),
    ];
}
