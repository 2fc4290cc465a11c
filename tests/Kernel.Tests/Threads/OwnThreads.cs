namespace Observatory.Kernel.Tests;

/// <summary>Says what tests of the own process's threads need.</summary>
internal static class OwnThreads
{
    public static void NeedThreadTier()
    {
        KernelFinding own = new EventFindings().ThreadSwitches();
        if (!own.IsOk) Assert.Skip($"needs {own.Name}: {own.Reason}; {own.Remedy}");
    }

    public static ThreadRecording Record(ThreadRecordingOptions? options = null)
    {
        ThreadRecording recording = ThreadRecording.Open(Environment.ProcessId, options ?? new());
        recording.Enable();
        return recording;
    }
}
