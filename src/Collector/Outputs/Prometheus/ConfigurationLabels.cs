using System.Diagnostics;
using Observatory.Contract;

namespace Observatory.Collector;

/// <summary>The labels of one configuration, and with one more label each; every set is made once. For one thread.</summary>
internal sealed class ConfigurationLabels(params KeyValuePair<string, object?>[] own)
{
    /// <summary>Label that says what the driving thread was doing.</summary>
    public const string State = "state";

    /// <summary>Label that says why an account is incomplete.</summary>
    public const string ReasonLabel = "reason";

    private readonly TagList _own = [.. own];
    private readonly Dictionary<(string Label, string Value), TagList> _with = [];

    /// <summary>The configuration's own labels.</summary>
    public ref readonly TagList Own => ref _own;

    /// <summary>The configuration's labels and one more.</summary>
    public TagList With(string label, string value)
    {
        if (_with.TryGetValue((label, value), out TagList labels)) return labels;
        labels = _own;
        labels.Add(label, value);
        return _with[(label, value)] = labels;
    }
}

/// <summary>The labels of all configurations: the only place where they are made. For one thread.</summary>
/// <param name="configurations">What the target declared; null where only whole configurations are asked for.</param>
internal sealed class ConfigurationLabelSets(ConfigurationRegistry? configurations = null)
{
    /// <summary>Between iterations.</summary>
    public const string None = "none";

    /// <summary>During one whose configuration has not been declared yet.</summary>
    public const string Undeclared = "undeclared";

    private static readonly ConfigurationLabels NoneLabels = All(None);
    private static readonly ConfigurationLabels UndeclaredLabels = All(Undeclared);
    private readonly Dictionary<long, (WorkloadConfiguration Of, ConfigurationLabels Labels)> _made = [];

    /// <summary>The labels of a configuration.</summary>
    public ConfigurationLabels For(WorkloadConfiguration configuration)
    {
        if (_made.TryGetValue(configuration.Index, out var made) && ReferenceEquals(made.Of, configuration)) return made.Labels;
        // The first, or the registry has found out what else tells it from others.
        var labels = new ConfigurationLabels(Labels.From(configuration));
        _made[configuration.Index] = (configuration, labels);
        return labels;
    }

    /// <summary>The labels of a configuration by its index; null between iterations.</summary>
    public ConfigurationLabels For(long? index)
    {
        if (index is not { } configuration) return NoneLabels;
        return configurations?.Find(configuration) is { } found ? For(found) : UndeclaredLabels;
    }

    private static ConfigurationLabels All(string value) => new(
        new(Labels.Operation, value), new(Labels.BatchSize, value), new(Labels.SequenceLength, value), new(Labels.EmbeddingDim, value));
}
