using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Names of thread roles, as in labels, JSON and tables.</summary>
internal static class RoleNames
{
    private static readonly string[] Names =
        [.. Enum.GetValues<ThreadRole>().Select(role => role.ToString().ToLowerInvariant())];

    public static string Of(ThreadRole role) => Names[(int)role];
}
