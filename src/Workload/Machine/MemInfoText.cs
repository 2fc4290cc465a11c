namespace Observatory.Workload;

/// <summary>Reads the text of <c>/proc/meminfo</c>, see proc_meminfo(5).</summary>
internal static class MemInfoText
{
    /// <summary>
    /// The kernel's estimate of what new programs can have without swapping, in bytes; null when absent.
    /// </summary>
    public static long? AvailableBytes(string text) => KibibyteText.Bytes(text, "MemAvailable:");

    /// <summary>All memory that the kernel manages, in bytes; null when absent.</summary>
    public static long? TotalBytes(string text) => KibibyteText.Bytes(text, "MemTotal:");
}
