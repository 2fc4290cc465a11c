namespace Observatory.Kernel;

/// <summary>The finding that comes from opening the whole recording: limits on memory count all its rings.</summary>
internal static class RecordingFinding
{
    public static KernelFinding RingMemory(SchedulerRecordingOptions options)
    {
        try
        {
            using SchedulerRecording recording = SchedulerRecording.Open(options);
            bool isFull = recording.RingBytesPerCpu == options.RingBytesPerCpu;
            string reason = $"{recording.RingBytesPerCpu / 1024} KiB for each of {recording.Cpus.Count} CPUs"
                + (isFull ? "" : $", of {options.RingBytesPerCpu / 1024} KiB wanted");
            return new KernelFinding(
                KernelAspects.RingMemory, isFull, reason, isFull ? Remedies.None : Remedies.LockedMemory);
        }
        catch (KernelAccessException refusal)
        {
            return new KernelFinding(KernelAspects.RingMemory, false, refusal.Message, refusal.Remedy);
        }
    }

    /// <summary>For a machine where the recording's events are refused.</summary>
    public static KernelFinding NotTried(IEnumerable<KernelFinding> needed) => new(
        KernelAspects.RingMemory, false, "not tried: needs the events", needed.First(finding => !finding.IsOk).Remedy);
}
