using System.Numerics;
using System.Text.Json;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>What things are called outside the program: the same in labels, JSON, files and tables.</summary>
internal static class Names
{
    private static readonly string[] States = [.. StateTimes.UnitStates.Select(state => state.ToString().ToLowerInvariant())];
    private static readonly string[] Roles = [.. Enum.GetValues<ThreadRole>().Select(role => role.ToString().ToLowerInvariant())];
    private static readonly string[] BlockedCauses = [.. BlockedAccount.Causes.Select(cause => SnakeCase(cause.ToString()))];
    private static readonly string[] AwaitedKinds = [.. AwaitedTimes.Kinds.Select(kind => SnakeCase(kind.ToString()))];
    private static readonly string[] Reasons = [.. AllReasons().Select(reason => SnakeCase(reason.ToString()))];

    /// <summary>Every single reason why an account is incomplete, the most telling first.</summary>
    public static IReadOnlyList<IncompleteReasons> ReasonsByWeight { get; } = AllReasons();

    /// <summary>Everything without a name of its own.</summary>
    public const string Other = "other";

    /// <summary>A state of an account: <c>running</c>.</summary>
    public static string State(AccountState state) => States[(int)state];

    /// <summary>What a thread is there for: <c>driving</c>.</summary>
    public static string Role(ThreadRole role) => Roles[(int)role];

    /// <summary>What blocked time waited for: <c>other_process</c>.</summary>
    public static string BlockedCause(BlockedFor cause) => BlockedCauses[(int)cause];

    /// <summary>What a request waited for while no thread worked on it: <c>http</c>.</summary>
    public static string Awaited(AwaitedFor kind) => AwaitedKinds[(int)kind];

    /// <summary>A single reason why an account is incomplete: <c>events_dropped</c>.</summary>
    public static string Reason(IncompleteReasons reason) => Reasons[BitOperations.TrailingZeroCount((int)reason)];

    /// <summary>The most telling of several reasons.</summary>
    public static IncompleteReasons MainReason(IncompleteReasons reasons) => (IncompleteReasons)((int)reasons & -(int)reasons);

    private static IncompleteReasons[] AllReasons() =>
        [.. Enum.GetValues<IncompleteReasons>().Where(reason => reason != IncompleteReasons.None)];

    private static string SnakeCase(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
