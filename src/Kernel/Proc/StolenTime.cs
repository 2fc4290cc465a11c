namespace Observatory.Kernel;

/// <summary>
/// Time that the hypervisor gave to others while a CPU of this machine had work; <c>steal</c> in /proc/stat.
/// </summary>
/// <remarks>proc_stat(5). The kernel counts in ticks of USER_HZ, which is 100 everywhere: the grain is 10 ms.</remarks>
public static class StolenTime
{
    private const long NanosecondsPerTick = 10_000_000;

    // user nice system idle iowait irq softirq steal
    private const int StealField = 8;

    /// <summary>Parses the text of /proc/stat.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="times">Nanoseconds since boot.</param>
    /// <returns>False when the line of all CPUs is missing or has no such field.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out StolenTimes times)
    {
        times = default;
        long total = -1;
        Dictionary<int, long> byCpu = [];
        foreach (ReadOnlySpan<char> line in text.EnumerateLines())
        {
            if (!line.StartsWith("cpu", StringComparison.Ordinal)) break;
            if (!TryParseLine(line, out ReadOnlySpan<char> cpu, out long stolen)) return false;
            if (cpu.IsEmpty) total = stolen;
            else if (int.TryParse(cpu, out int number)) byCpu[number] = stolen;
        }

        if (total < 0) return false;
        times = new StolenTimes(total, byCpu);
        return true;
    }

    /// <summary>Reads it. Readable by every uid.</summary>
    /// <returns>False when /proc/stat cannot be read. A machine without a hypervisor has 0.</returns>
    public static bool TryRead(out StolenTimes times, string procRoot = "/proc")
    {
        times = default;
        return KernelText.TryRead($"{procRoot}/stat", out string text) && TryParse(text, out times);
    }

    /// <summary>The time of all CPUs together, from /proc/stat that stays open; null where it does not say it.</summary>
    public static long? ReadTotal(CounterFile stat) =>
        stat.Number("cpu  "u8, skipped: StealField - 1) is { } ticks ? ticks * NanosecondsPerTick : null;

    private static bool TryParseLine(ReadOnlySpan<char> line, out ReadOnlySpan<char> cpu, out long stolen)
    {
        cpu = default;
        stolen = 0;
        Span<Range> parts = stackalloc Range[StealField + 2];
        if (line.Split(parts, ' ', StringSplitOptions.RemoveEmptyEntries) <= StealField) return false;
        if (!long.TryParse(line[parts[StealField]], out long ticks)) return false;
        cpu = line[parts[0]][3..];
        stolen = ticks * NanosecondsPerTick;
        return true;
    }
}

/// <summary>Stolen time since boot, in nanoseconds.</summary>
/// <param name="Total">Of all CPUs together.</param>
/// <param name="ByCpu">By the CPU's number; online ones only.</param>
public readonly record struct StolenTimes(long Total, IReadOnlyDictionary<int, long> ByCpu);
