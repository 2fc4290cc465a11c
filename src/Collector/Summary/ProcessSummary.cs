using HdrHistogram;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>The target as a whole, whether or not it marks iterations. Bounded memory however long it runs.</summary>
/// <param name="kernel">Its tier says what is measured.</param>
/// <param name="runtime">Its tier says whether suspensions are.</param>
internal sealed class ProcessSummary(SourceStatus kernel, SourceStatus runtime) : IFindingsSink
{
    private const long LongestNanoseconds = 3_600_000_000_000;
    private readonly Lock _entry = new();
    private readonly LongHistogram _waits = new(LongestNanoseconds, numberOfSignificantValueDigits: 3);
    private readonly LongHistogram _suspensions = new(LongestNanoseconds, numberOfSignificantValueDigits: 3);
    private Duration _suspended;

    public void RunQueueWaited(ReadOnlySpan<Duration> waits)
    {
        lock (_entry)
        {
            foreach (Duration wait in waits) _waits.RecordValue(Math.Clamp(wait.Nanoseconds, 1, LongestNanoseconds));
        }
    }

    public void Suspended(in Suspension suspension)
    {
        lock (_entry)
        {
            _suspensions.RecordValue(Math.Clamp(suspension.Time.Nanoseconds, 1, LongestNanoseconds));
            _suspended += suspension.Time;
        }
    }

    /// <summary>What is known by now.</summary>
    /// <param name="pool">What its threads did.</param>
    public ProcessRow Row(PoolAccount pool)
    {
        lock (_entry)
        {
            return new ProcessRow(pool, kernel.Tier, runtime.Tier)
            {
                Waits = _waits.TotalCount,
                WaitMedian = Quantile(_waits, 50),
                WaitP99 = Quantile(_waits, 99),
                WaitLongest = Quantile(_waits, 100),
                Suspensions = _suspensions.TotalCount,
                Suspended = _suspended,
                SuspensionLongest = Quantile(_suspensions, 100),
            };
        }
    }

    private static Duration Quantile(LongHistogram histogram, double percent) =>
        histogram.TotalCount == 0 ? Duration.Zero : new Duration(histogram.GetValueAtPercentile(percent));
}

/// <summary>The target as a whole.</summary>
/// <param name="Pool">What its threads did, by role.</param>
/// <param name="KernelTier">The kernel source's tier.</param>
/// <param name="RuntimeTier">The runtime source's tier.</param>
internal sealed record ProcessRow(PoolAccount Pool, string KernelTier, string RuntimeTier)
{
    /// <summary>Times a thread waited for a CPU and got one.</summary>
    public long Waits { get; init; }

    /// <summary>Median of those waits.</summary>
    public Duration WaitMedian { get; init; }

    /// <summary>99th percentile of those waits.</summary>
    public Duration WaitP99 { get; init; }

    /// <summary>The longest of those waits.</summary>
    public Duration WaitLongest { get; init; }

    /// <summary>Times the runtime suspended its threads.</summary>
    public long Suspensions { get; init; }

    /// <summary>Time in which they were suspended.</summary>
    public Duration Suspended { get; init; }

    /// <summary>The longest suspension.</summary>
    public Duration SuspensionLongest { get; init; }

    /// <summary>True where wake-ups are seen, and with them every wait for a CPU.</summary>
    public bool HasWaits => KernelTier == Tiers.Kernel;

    /// <summary>True where suspensions are seen.</summary>
    public bool HasSuspensions => RuntimeTier == Tiers.EventPipe;

    /// <summary>True when thread time in a state is seen as such.</summary>
    public bool Measures(AccountState state) => Measured.HasPool(KernelTier, RuntimeTier, state);
}
