namespace Observatory.Kernel;

/// <summary>Opens the recorders of all CPUs, or none.</summary>
internal static class SchedulerRecordingFactory
{
    public static SchedulerRecording Open(SchedulerRecordingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        int[] cpus = OnlineCpus.Read();

        // Whoever may not record at all should hear that, rather than of a file that comes after.
        CpuRecorder.DemandSwitches(cpus[0]);
        WakingTracepoint tracepoint = WakingTracepoint.Find(options.TracefsRoot);

        // Every ring the same size: with one small ring among large ones, that CPU alone would lose records.
        for (int ringBytes = options.RingBytesPerCpu; ringBytes >= Environment.SystemPageSize; ringBytes /= 2)
        {
            CpuRecorder[]? recorders = TryOpenAll(cpus, tracepoint.Id, ringBytes, options.Names);
            if (recorders is not null) return Create(recorders, tracepoint, ringBytes);
        }

        throw KernelAccessException.RingMemory(cpus.Length);
    }

    private static SchedulerRecording Create(CpuRecorder[] recorders, WakingTracepoint tracepoint, int ringBytes)
    {
        ThreadIdMap threadIds = new(PidNamespace.IsInitial());
        return new(recorders, new RecordDispatcher(new WakingDecoder(tracepoint.WokenIdOffset), threadIds), ringBytes);
    }

    /// <returns>Null when the rings are too large for the memory-lock limit.</returns>
    private static CpuRecorder[]? TryOpenAll(int[] cpus, long wakingId, int ringBytes, bool isNaming)
    {
        List<CpuRecorder> opened = new(cpus.Length);
        bool isComplete = false;
        try
        {
            foreach (int cpu in cpus)
            {
                CpuRecorder? recorder =
                    CpuRecorder.TryOpen(cpu, wakingId, ringBytes, isNaming, out bool isRingRefused);
                if (isRingRefused) return null;
                if (recorder is not null) opened.Add(recorder);
            }

            if (opened.Count == 0) throw KernelAccessException.FromError(Errno.NoDevice, "events of any CPU");
            isComplete = true;
            return [.. opened];
        }
        finally
        {
            if (!isComplete) opened.ForEach(recorder => recorder.Dispose());
        }
    }
}
