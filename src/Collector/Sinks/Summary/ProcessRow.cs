using Observatory.Timeline;

namespace Observatory.Collector;

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
    public bool Measures(AccountState state) => MeasuredDetails.HasPool(KernelTier, RuntimeTier, state);
}
