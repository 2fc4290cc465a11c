using System.Text.Json;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Names of what blocked time waited for, as in labels and JSON.</summary>
internal static class CauseNames
{
    private static readonly string[] Names =
        [.. BlockedAccount.Causes.Select(cause => JsonNamingPolicy.SnakeCaseLower.ConvertName(cause.ToString()))];

    public static string Of(BlockedFor cause) => Names[(int)cause];
}
