using System.Numerics;
using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>Opens the best recording that the rights allow.</summary>
internal static class RecordingOpener
{
    /// <summary>The smallest period that costs a faulting thread little more than none would; see its own documentation.</summary>
    private const int FaultPeriod = 64;

    /// <summary>What tier kernel records of each CPU, but for the size of its ring.</summary>
    public static readonly SchedulerRecordingOptions OfCpus = new() { MajorFaults = true };

    /// <summary>What it records of each thread besides.</summary>
    public static readonly ThreadRecordingOptions BesideCpus = new() { Switches = false, MinorFaultPeriod = FaultPeriod };

    /// <summary>What tier thread records of each thread.</summary>
    public static readonly ThreadRecordingOptions OfThreads = new() { MinorFaultPeriod = FaultPeriod, MajorFaults = true };

    /// <summary>Opens and enables at the tier that was asked for, or else at the highest one that is not refused.</summary>
    /// <param name="target">The process that is observed.</param>
    /// <param name="tier">The only tier that will do; null for the best.</param>
    /// <exception cref="KernelAccessException">Every tier that may be used was refused.</exception>
    public static OpenRecording Open(int target, KernelTier? tier) => Open(tier, () => OpenCpus(target), why => OpenThreads(target, why));

    /// <param name="tier">The only tier that will do; null for the best.</param>
    /// <param name="openCpus">Opens the rings of all CPUs.</param>
    /// <param name="openThreads">Opens rings of the target's threads; is told why not those of CPUs.</param>
    internal static OpenRecording Open(KernelTier? tier, Func<OpenRecording> openCpus, Func<string, OpenRecording> openThreads)
    {
        if (tier == KernelTier.Thread) return Enabled(openThreads("as asked"));
        try
        {
            return Enabled(openCpus());
        }
        catch (KernelAccessException refused) when (tier is null)
        {
            return Enabled(openThreads($"tier kernel: {refused.Message} Remedy: {refused.Remedy}"));
        }
    }

    private static OpenRecording OpenCpus(int target)
    {
        SchedulerRecording recording = SchedulerRecording.Open(OfCpus with { RingBytesPerCpu = RingBudget.ForThisMachine().RingBytesPerCpu });
        return new OpenRecording(recording, OpenFaults(target), Tiers.Kernel, $"rings of {recording.RingBytesPerCpu >> 10} KiB");
    }

    private static OpenRecording OpenThreads(int target, string why) => new(
        ThreadRecording.Open(target, OfThreads),
        Faults: null,
        Tiers.Thread,
        why);

    /// <summary>A refusal may come as late as this: then the next tier is tried, and nothing of this one stays open.</summary>
    private static OpenRecording Enabled(OpenRecording opened)
    {
        try
        {
            foreach (ISchedulerRecording recording in opened.All) recording.Enable();
            return opened;
        }
        catch (KernelAccessException)
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Minor faults are counted thread by thread; a machine that cannot do that still has accounts.</summary>
    private static ThreadRecording? OpenFaults(int target)
    {
        try
        {
            return ThreadRecording.Open(target, BesideCpus);
        }
        catch (KernelAccessException)
        {
            return null;
        }
    }
}

/// <summary>A recording and what it can show.</summary>
/// <param name="Recording">What records the switches.</param>
/// <param name="Faults">Page faults of the target's threads, beside it; null where the recording has them itself, or cannot.</param>
/// <param name="Tier">One of <see cref="Tiers"/>.</param>
/// <param name="Detail">How it was opened, or why at no higher tier, as text.</param>
internal sealed record OpenRecording(
    ISchedulerRecording Recording, ISchedulerRecording? Faults, string Tier, string Detail) : IDisposable
{
    /// <summary>True when each thread has a ring of its own, instead of each CPU.</summary>
    public bool IsPerThread => Tier == Tiers.Thread;

    /// <summary>Everything that has to be drained.</summary>
    public IEnumerable<ISchedulerRecording> All => Faults is null ? [Recording] : [Recording, Faults];

    public void Dispose()
    {
        foreach (ISchedulerRecording recording in All) recording.Dispose();
    }
}

/// <summary>How large the kernel's rings should be: as large as this machine's CPUs share a fixed amount of memory.</summary>
/// <remarks>
/// A switch takes 40 bytes, a waking 72: 16 MiB hold about 300,000 records. At the million a second over two CPUs that
/// docs/adr/0002-perf-records.md measured, that is half a second; with many CPUs the load is spread and each ring may be
/// smaller.
/// </remarks>
internal static class RingBudget
{
    private const int Total = 64 << 20;
    private const int Smallest = 2 << 20;
    private const int Largest = 16 << 20;

    /// <summary>The recording to ask for on this machine.</summary>
    /// <exception cref="KernelAccessException">The kernel does not say which CPUs it has.</exception>
    public static SchedulerRecordingOptions ForThisMachine() => For(OnlineCpus.Read().Length);

    /// <summary>The recording to ask for on a machine with this many CPUs.</summary>
    public static SchedulerRecordingOptions For(int cpus) => new()
    {
        RingBytesPerCpu = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(Total / Math.Max(1, cpus), Smallest, Largest)),
    };
}
