using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Observatory.Collector;

/// <summary>
/// Whether the collector does its work: what <c>/healthz</c> answers. The timeline has not failed and still moves, and each
/// source delivers, or is known why it does not.
/// </summary>
internal static class ObservationHealth
{
    /// <summary>
    /// A visit of the timeline takes milliseconds, four to twenty times a second. On a machine that is starved of CPU it may have to
    /// wait for seconds, which is no reason to restart it.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <param name="checks">Takes them.</param>
    /// <param name="timeline">The timeline; null while there is no target.</param>
    /// <param name="sources">Every source.</param>
    /// <param name="activities">What is asked for of activities.</param>
    public static void AddTo(IHealthChecksBuilder checks, Func<TimelinePump?> timeline, SourceStatuses sources, ActivityRequests activities)
    {
        checks.AddCheck("timeline", () => Check(timeline()));
        foreach (SourceStatus source in sources.All) checks.AddCheck(source.Name, () => Check(source));
        if (activities.Any) checks.AddCheck("activities", () => activities.Trouble is { } trouble ? HealthCheckResult.Degraded(trouble) : HealthCheckResult.Healthy());
    }

    /// <summary>1 while accounts are made, 0 once they are not; the same judgement as the health check's.</summary>
    public static bool IsUp(TimelinePump? timeline) => timeline is { Failure: null, HasFinished: false } && timeline.SinceVisit < Patience;

    internal static HealthCheckResult Check(TimelinePump? timeline) => timeline switch
    {
        null => HealthCheckResult.Healthy("waits for a target"),
        { Failure: { } failure } => HealthCheckResult.Unhealthy($"failed: {failure.Message}"),
        { HasFinished: false } when timeline.SinceVisit >= Patience =>
            HealthCheckResult.Unhealthy($"has not moved for {timeline.SinceVisit.TotalSeconds:F0} s"),
        _ => HealthCheckResult.Healthy(),
    };

    internal static HealthCheckResult Check(SourceStatus source) => source switch
    {
        { Failure: { } failure } => HealthCheckResult.Unhealthy($"failed: {failure.Message}"),
        { IsUp: false } => HealthCheckResult.Degraded(source.Detail),
        _ => HealthCheckResult.Healthy(),
    };
}
