using Observatory.Kernel;

namespace Observatory.Workload;

/// <summary>
/// The peak of resident memory since a moment of our choice. The kernel keeps one peak for the life of a process, but
/// lets it be reset: 5 written to <c>/proc/self/clear_refs</c>, see proc_pid_clear_refs(5).
/// </summary>
/// <remarks>The kernel adds up its counters lazily: a value is known to some hundred KiB.</remarks>
internal sealed class PeakMemory
{
    private readonly string _folder;
    private long? _baseline;

    /// <param name="folder">Normally <c>/proc/self</c>.</param>
    public PeakMemory(string folder = "/proc/self") => _folder = folder;

    /// <summary>
    /// The stretch begins now. What was freed before goes back to the system first: tensors that found room in it would
    /// not show.
    /// </summary>
    public void Begin()
    {
        NativeHeap.TryTrim();
        _baseline = TryReset() ? KibibyteLine.Find(Status(), "VmRSS:") : null;
    }

    /// <summary>The stretch until now; null where the kernel does not let the peak be reset, or keeps none.</summary>
    public MemoryUse? Read() =>
        _baseline is { } baseline && KibibyteLine.Find(Status(), "VmHWM:") is { } peak
            ? new MemoryUse(baseline, Math.Max(baseline, peak))
            : null;

    private bool TryReset()
    {
        try
        {
            File.WriteAllText(Path.Combine(_folder, "clear_refs"), "5");
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string Status() => CgroupFiles.Read(_folder, "status") ?? "";
}

/// <summary>Resident memory of the process over a stretch of work, in bytes.</summary>
/// <param name="Baseline">Just before it.</param>
/// <param name="Peak">The most there was during it.</param>
internal readonly record struct MemoryUse(long Baseline, long Peak)
{
    /// <summary>What the work added.</summary>
    public long Added => Peak - Baseline;

    /// <summary>
    /// The one in the middle by what was added, the smaller one of two; null when there is none. A first visit also adds
    /// what the library keeps for ever, and now and then the heap of the runtime grows.
    /// </summary>
    public static MemoryUse? Median(IEnumerable<MemoryUse> uses)
    {
        MemoryUse[] sorted = [.. uses.OrderBy(use => use.Added)];
        return sorted.Length > 0 ? sorted[(sorted.Length - 1) / 2] : null;
    }
}
