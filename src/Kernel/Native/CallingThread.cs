namespace Observatory.Kernel;

/// <summary>The calling thread, as the kernel knows it.</summary>
public static class CallingThread
{
    private const int Self = 0;

    /// <summary>Its id in the pid namespace of this process; gettid(2).</summary>
    public static int Id => (int)Libc.GetThreadId(SystemCall.GetThreadId);

    /// <summary>Leaves it one CPU; sched_setaffinity(2). For a thread of its own: it stays there.</summary>
    /// <param name="cpu">The CPU's number.</param>
    /// <returns>False where the CPU is offline, or not among those of this process's control group.</returns>
    public static bool TryPin(int cpu)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cpu);
        // A kernel mask is made of machine words.
        var mask = new byte[((cpu / 64) + 1) * 8];
        mask[cpu / 8] = (byte)(1 << (cpu % 8));
        return Libc.SetAffinity(Self, (nuint)mask.Length, mask) == 0;
    }
}
