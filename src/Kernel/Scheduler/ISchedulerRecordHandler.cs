namespace Observatory.Kernel;

/// <summary>Takes the records of a <see cref="SchedulerRecording"/>, on the thread that drains it.</summary>
public interface ISchedulerRecordHandler
{
    /// <summary>A thread came onto a CPU or left it.</summary>
    void OnSwitch(in SwitchRecord r);

    /// <summary>A thread was woken.</summary>
    void OnWaking(in WakingRecord r);

    /// <summary>Records are missing.</summary>
    void OnLost(in LostRecord r);

    /// <summary>A thread has a new name.</summary>
    void OnComm(in CommRecord r)
    {
    }

    /// <summary>A thread began.</summary>
    void OnFork(in ForkRecord r)
    {
    }

    /// <summary>A thread is ending.</summary>
    void OnExit(in ExitRecord r)
    {
    }

    /// <summary>A thread had page faults.</summary>
    void OnPageFaults(in PageFaultsRecord r)
    {
    }
}
