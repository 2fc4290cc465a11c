using Observatory.Hosting;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>How much a source can see: names of tiers, as in options, metrics, JSON and the header of the table.</summary>
internal static class Tiers
{
    /// <summary>The source sees nothing.</summary>
    public const string None = "none";

    /// <summary>The runtime's events through EventPipe.</summary>
    public const string EventPipe = "eventpipe";

    /// <summary>Only what the workload marks: its runtime was not asked for suspensions.</summary>
    public const string Contract = "contract";

    /// <summary>Context switches and wake-ups of every CPU.</summary>
    public const string Kernel = "kernel";

    /// <summary>Context switches of the target's threads; wake-ups are not seen.</summary>
    public const string Thread = "thread";

    /// <summary>Totals: of the kernel source, per iteration, from the driving thread's own counters; else from /proc.</summary>
    public const string ProcFs = "procfs";

    /// <summary>The name of a tier of the kernel source.</summary>
    public static string NameOf(KernelTier tier) => tier.ToString().ToLowerInvariant();

    /// <summary>Reads the tier that a user asks for.</summary>
    public static readonly ValueParser<KernelTier> Parser = Values.OneOf(
        (Kernel, KernelTier.Kernel), (Thread, KernelTier.Thread), (ProcFs, KernelTier.ProcFs), (None, KernelTier.None));

    /// <summary>True for a tier of the kernel source that the driving thread's own counters add something to.</summary>
    public static bool NeedsCounters(string kernelTier) => kernelTier is Thread or ProcFs;
}

/// <summary>What the sources can tell at their tiers. The rest is not shown: not even as zero.</summary>
internal static class Measured
{
    /// <summary>True when time in a state is seen as such by these sources.</summary>
    public static bool HasState(SourceStatus kernel, SourceStatus runtime, AccountState state) =>
        HasState(kernel.Tier, kernel.HasCounters, runtime.Tier, state);

    /// <summary>True when time in a state is seen as such at these tiers.</summary>
    /// <param name="kernelTier">One of <see cref="Tiers"/>.</param>
    /// <param name="hasCounters">Whether the driving thread tells its own counters.</param>
    /// <param name="runtimeTier">One of <see cref="Tiers"/>.</param>
    /// <param name="state">The state.</param>
    public static bool HasState(string kernelTier, bool hasCounters, string runtimeTier, AccountState state) => state switch
    {
        AccountState.Gc => runtimeTier != Tiers.Contract,
        AccountState.Unknown => true,
        // Told by the runtime, whatever the kernel lets be seen.
        AccountState.Queued or AccountState.Awaiting => true,
        AccountState.Waking => kernelTier == Tiers.Kernel || (kernelTier == Tiers.Thread && hasCounters),
        _ => kernelTier is Tiers.Kernel or Tiers.Thread || (kernelTier == Tiers.ProcFs && hasCounters),
    };

    /// <summary>Context switches and page faults of the driving thread.</summary>
    public static bool HasCounts(string kernelTier, bool hasCounters) =>
        HasPool(kernelTier) || (kernelTier == Tiers.ProcFs && hasCounters);

    /// <summary>Migrations: where a ring belongs to a thread, the CPUs it comes by are not told.</summary>
    public static bool HasMigrations(string kernelTier) => kernelTier == Tiers.Kernel;

    /// <summary>What blocked time waited for: only wake-ups tell.</summary>
    public static bool HasBlockedFor(string kernelTier) => kernelTier == Tiers.Kernel;

    /// <summary>What the other threads of the process did.</summary>
    public static bool HasPool(string kernelTier) => kernelTier is Tiers.Kernel or Tiers.Thread;

    /// <summary>Time of the process's threads in a state; no thread but the driving one tells counters of its own.</summary>
    public static bool HasPool(string kernelTier, string runtimeTier, AccountState state) =>
        HasPool(kernelTier) && HasState(kernelTier, hasCounters: false, runtimeTier, state);
}
