namespace Observatory.Kernel;

/// <summary>On which CPUs a thread may run; sched_setaffinity(2).</summary>
public static class ThreadAffinity
{
    private const int CallingThread = 0;

    /// <summary>Leaves the calling thread one CPU. For a thread of its own: it stays there.</summary>
    /// <returns>False where the CPU is offline, or not among those of this process's control group.</returns>
    public static bool TryPinCallingThread(int cpu)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cpu);
        // A kernel mask is made of machine words.
        var mask = new byte[((cpu / 64) + 1) * 8];
        mask[cpu / 8] = (byte)(1 << (cpu % 8));
        return Libc.SetAffinity(CallingThread, (nuint)mask.Length, mask) == 0;
    }

    /// <summary>The kernel's id of the calling thread, in the pid namespace of this process; gettid(2).</summary>
    public static int CallingThreadId => (int)Libc.GetThreadId(SystemCall.GetThreadId);
}
