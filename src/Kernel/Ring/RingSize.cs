namespace Observatory.Kernel;

/// <summary>What size a ring can have.</summary>
internal static class RingSize
{
    /// <exception cref="ArgumentException">Not a power of two of at least a page.</exception>
    public static void Demand(int bytes)
    {
        int pageBytes = Environment.SystemPageSize;
        if (bytes >= pageBytes && int.IsPow2(bytes)) return;
        throw new ArgumentException($"A ring is a power of two and at least {pageBytes} bytes; {bytes} is not.");
    }
}
