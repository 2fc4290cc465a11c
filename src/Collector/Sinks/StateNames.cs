using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Names of account states, as in labels, JSON and column heads.</summary>
internal static class StateNames
{
    private static readonly string[] Names = [.. StateTimes.States.Select(state => state.ToString().ToLowerInvariant())];

    public static string Of(AccountState state) => Names[(int)state];
}
