namespace Observatory.Kernel;

/// <summary>Pressure stall information of the machine; Documentation/accounting/psi.rst, Linux 4.20.</summary>
public static class PressureStall
{
    /// <summary>What one can wait for: the names of the files in /proc/pressure.</summary>
    public static IReadOnlyList<string> Resources { get; } = ["cpu", "memory", "io"];

    /// <summary>Parses lines of <c>some avg10=0.00 avg60=0.00 avg300=0.00 total=0</c>.</summary>
    /// <returns>False when the line "some" is missing. The line "full" of the CPU came with Linux 5.13.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out PressureTotals totals)
    {
        (long some, long full) = (-1, -1);
        foreach (ReadOnlySpan<char> line in text.EnumerateLines())
        {
            if (line.StartsWith("some ", StringComparison.Ordinal)) some = TotalOf(line);
            if (line.StartsWith("full ", StringComparison.Ordinal)) full = TotalOf(line);
        }

        totals = new PressureTotals(some, full);
        return some >= 0;
    }

    /// <summary>Reads one resource. Readable by every uid.</summary>
    /// <param name="resource">One of <see cref="Resources"/>.</param>
    /// <param name="totals">Microseconds since boot.</param>
    /// <param name="procRoot">Where procfs is mounted.</param>
    /// <returns>False where the kernel has no such accounting, or it is off (boot with <c>psi=1</c>).</returns>
    public static bool TryRead(string resource, out PressureTotals totals, string procRoot = "/proc")
    {
        totals = default;
        return KernelText.TryRead($"{procRoot}/pressure/{resource}", out string text) && TryParse(text, out totals);
    }

    /// <summary>
    /// How long at least one task was stalled, in microseconds since boot, from a file of /proc/pressure that stays open; null where it
    /// does not say it. The line "some" is the first one.
    /// </summary>
    public static long? ReadSome(CounterFile pressure) => pressure.Number("total="u8);

    private static long TotalOf(ReadOnlySpan<char> line)
    {
        const string Key = "total=";
        int at = line.IndexOf(Key, StringComparison.Ordinal);
        return at >= 0 && long.TryParse(line[(at + Key.Length)..].Trim(), out long total) ? total : -1;
    }
}

/// <summary>How long work has stalled for want of a resource since boot, in microseconds of wall time.</summary>
/// <param name="SomeMicroseconds">At least one task was stalled.</param>
/// <param name="FullMicroseconds">All tasks that had work were; -1 where the kernel does not say it.</param>
public readonly record struct PressureTotals(long SomeMicroseconds, long FullMicroseconds);
