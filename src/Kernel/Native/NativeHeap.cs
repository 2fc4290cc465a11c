namespace Observatory.Kernel;

/// <summary>The heap of the C library.</summary>
public static class NativeHeap
{
    /// <summary>
    /// Gives the memory that was freed back to the system, malloc_trim(3). The C library keeps it otherwise, and what is
    /// allocated next out of it does not show as growth.
    /// </summary>
    /// <returns>False with a C library that has no such function.</returns>
    public static bool TryTrim()
    {
        try
        {
            _ = Libc.TrimHeap(keep: 0);
            return true;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }
}
