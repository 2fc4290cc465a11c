using Observatory.Kernel;

namespace Observatory.Collector.Sources.Kernel;

/// <summary>Opens the best recording that the rights allow.</summary>
internal static class RecordingOpener
{
    /// <summary>Opens at the tier that was asked for, or else at the highest one that is not refused.</summary>
    /// <param name="target">The process that is observed.</param>
    /// <param name="tier">The only tier that will do; null for the best.</param>
    /// <exception cref="KernelAccessException">Every tier that may be used was refused.</exception>
    public static OpenRecording Open(int target, KernelTier? tier)
    {
        if (tier == KernelTier.Thread) return OpenThreads(target, "as asked");
        try
        {
            SchedulerRecording recording = SchedulerRecording.Open(RingBudget.ForThisMachine());
            return new OpenRecording(recording, Tiers.Kernel, $"rings of {recording.RingBytesPerCpu >> 10} KiB");
        }
        catch (KernelAccessException refused) when (tier is null)
        {
            return OpenThreads(target, $"tier kernel: {refused.Message} Remedy: {refused.Remedy}");
        }
    }

    private static OpenRecording OpenThreads(int target, string why) =>
        new(ThreadRecording.Open(target, new ThreadRecordingOptions()), Tiers.Thread, why);
}
