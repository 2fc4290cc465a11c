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
}
