namespace Observatory.Collector;

/// <summary>The target as a whole, whether or not it marks iterations.</summary>
/// <param name="Pool">What its threads did; null where nobody sees them.</param>
/// <param name="RunQueue">Waits of its threads for a CPU; null where wake-ups are not seen.</param>
/// <param name="Suspensions">What its runtime stopped its threads for; null where that is not seen.</param>
internal sealed record ProcessDocument(PoolDocument? Pool, RunQueueDocument? RunQueue, SuspensionsDocument? Suspensions)
{
    public static ProcessDocument Of(ProcessRow process) => new(
        PoolDocument.Of(process),
        process.HasWaits
            ? new RunQueueDocument(process.Waits, process.WaitMedian.Seconds, process.WaitP99.Seconds, process.WaitLongest.Seconds)
            : null,
        process.HasSuspensions
            ? new SuspensionsDocument(process.Suspensions, process.Suspended.Seconds, process.SuspensionLongest.Seconds)
            : null);
}

internal sealed record RunQueueDocument(long Waits, double P50Seconds, double P99Seconds, double LongestSeconds);

internal sealed record SuspensionsDocument(long Count, double Seconds, double LongestSeconds);
