using System.Diagnostics;
using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector.Sinks.Metrics;

/// <summary>The label sets of one configuration, made once.</summary>
internal sealed class ConfigurationSeries
{
    /// <summary>Label that says what the driving thread was doing.</summary>
    public const string StateLabel = "state";

    private readonly TagList[] _states;

    public ConfigurationSeries(WorkloadConfiguration configuration)
    {
        Configuration = [.. Labels.Of(configuration)];
        _states = [.. StateTimes.States.Select(state => With(Configuration, state))];
    }

    /// <summary>The configuration's own labels.</summary>
    public TagList Configuration { get; }

    /// <summary>The configuration's labels and one state.</summary>
    public ref readonly TagList Of(AccountState state) => ref _states[(int)state];

    private static TagList With(TagList labels, AccountState state)
    {
        labels.Add(StateLabel, StateNames.Of(state));
        return labels;
    }
}
