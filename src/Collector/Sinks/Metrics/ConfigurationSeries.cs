using System.Diagnostics;
using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>The label sets of one configuration, made once.</summary>
internal sealed class ConfigurationSeries
{
    /// <summary>Label that says what the driving thread was doing.</summary>
    public const string StateLabel = "state";

    /// <summary>Label that says why an account is incomplete.</summary>
    public const string ReasonLabel = "reason";

    private readonly TagList[] _states;
    private readonly Dictionary<IncompleteReasons, TagList> _reasons;

    public ConfigurationSeries(WorkloadConfiguration configuration)
    {
        Configuration = [.. Labels.Of(configuration)];
        _states = [.. StateTimes.States.Select(state => With(Configuration, StateLabel, StateNames.Of(state)))];
        _reasons = ReasonNames.All.ToDictionary(
            reason => reason, reason => With(Configuration, ReasonLabel, ReasonNames.Of(reason)));
    }

    /// <summary>The configuration's own labels.</summary>
    public TagList Configuration { get; }

    /// <summary>The configuration's labels and one state.</summary>
    public ref readonly TagList Of(AccountState state) => ref _states[(int)state];

    /// <summary>The configuration's labels and one reason.</summary>
    public TagList Of(IncompleteReasons reason) => _reasons[reason];

    private static TagList With(TagList labels, string label, string value)
    {
        labels.Add(label, value);
        return labels;
    }
}
