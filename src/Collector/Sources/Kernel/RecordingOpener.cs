using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>Opens the best recording that the rights allow.</summary>
internal static class RecordingOpener
{
    /// <summary>The smallest period that costs a faulting thread little more than none would; see its own documentation.</summary>
    private const int FaultPeriod = 64;

    /// <summary>Opens at the tier that was asked for, or else at the highest one that is not refused.</summary>
    /// <param name="target">The process that is observed.</param>
    /// <param name="tier">The only tier that will do; null for the best.</param>
    /// <exception cref="KernelAccessException">Every tier that may be used was refused.</exception>
    public static OpenRecording Open(int target, KernelTier? tier)
    {
        if (tier == KernelTier.Thread) return OpenThreads(target, "as asked");
        try
        {
            SchedulerRecording recording = SchedulerRecording.Open(RingBudget.ForThisMachine() with { MajorFaults = true });
            return new OpenRecording(
                recording, OpenFaults(target), Tiers.Kernel, $"rings of {recording.RingBytesPerCpu >> 10} KiB");
        }
        catch (KernelAccessException refused) when (tier is null)
        {
            return OpenThreads(target, $"tier kernel: {refused.Message} Remedy: {refused.Remedy}");
        }
    }

    private static OpenRecording OpenThreads(int target, string why) =>
        new(
            ThreadRecording.Open(target, new ThreadRecordingOptions { MinorFaultPeriod = FaultPeriod, MajorFaults = true }),
            Faults: null,
            Tiers.Thread,
            why);

    /// <summary>Minor faults are counted thread by thread; a machine that cannot do that still has accounts.</summary>
    private static ThreadRecording? OpenFaults(int target)
    {
        try
        {
            return ThreadRecording.Open(
                target, new ThreadRecordingOptions { Switches = false, MinorFaultPeriod = FaultPeriod });
        }
        catch (KernelAccessException)
        {
            return null;
        }
    }
}
