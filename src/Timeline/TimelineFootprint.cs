namespace Observatory.Timeline;

/// <summary>How many things the timeline holds: what must stay bounded however long it runs.</summary>
/// <param name="Events">Held back.</param>
/// <param name="Lanes">Rings whose events are put in order, and the runtime's stream.</param>
/// <param name="Chains">Rings whose switches are followed.</param>
/// <param name="Losses">Scopes of which something is missing now.</param>
/// <param name="Threads">Followed.</param>
/// <param name="Iterations">Open.</param>
/// <param name="Sleeps">Of driving threads, and of other threads what they did meanwhile.</param>
/// <param name="Holders">Stretches of CPUs.</param>
internal readonly record struct TimelineFootprint(
    int Events, int Lanes, int Chains, int Losses, int Threads, int Iterations, int Sleeps, int Holders)
{
    /// <summary>The larger of each.</summary>
    public static TimelineFootprint Larger(TimelineFootprint a, TimelineFootprint b) => new(
        Math.Max(a.Events, b.Events),
        Math.Max(a.Lanes, b.Lanes),
        Math.Max(a.Chains, b.Chains),
        Math.Max(a.Losses, b.Losses),
        Math.Max(a.Threads, b.Threads),
        Math.Max(a.Iterations, b.Iterations),
        Math.Max(a.Sleeps, b.Sleeps),
        Math.Max(a.Holders, b.Holders));
}
