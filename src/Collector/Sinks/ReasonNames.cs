using System.Numerics;
using System.Text.Json;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Names of the reasons why accounts are incomplete, as in labels and JSON.</summary>
internal static class ReasonNames
{
    /// <summary>Every single reason, the most telling first.</summary>
    public static IReadOnlyList<IncompleteReasons> All { get; } =
        [.. Enum.GetValues<IncompleteReasons>().Where(reason => reason != IncompleteReasons.None)];

    private static readonly string[] Names =
        [.. All.Select(reason => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString()))];

    /// <summary>The name of a single reason.</summary>
    public static string Of(IncompleteReasons reason) => Names[BitOperations.TrailingZeroCount((int)reason)];

    /// <summary>The most telling of several reasons.</summary>
    public static IncompleteReasons MainOf(IncompleteReasons reasons) => (IncompleteReasons)((int)reasons & -(int)reasons);
}
