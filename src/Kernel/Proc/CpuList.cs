namespace Observatory.Kernel;

/// <summary>Parses the kernel's list format, as in <c>0-1,4</c>.</summary>
/// <remarks>Documentation/admin-guide/cputopology.rst; bitmap_parselist() in lib/bitmap-str.c.</remarks>
internal static class CpuList
{
    /// <returns>False for text that is not such a list. An empty list is one.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out int[] cpus)
    {
        cpus = [];
        SortedSet<int> parsed = [];
        text = text.Trim();
        foreach (Range part in text.Split(','))
        {
            if (!text[part].IsEmpty && !TryAddRange(text[part], parsed)) return false;
        }

        cpus = [.. parsed];
        return true;
    }

    private static bool TryAddRange(ReadOnlySpan<char> range, SortedSet<int> cpus)
    {
        int dash = range.IndexOf('-');
        if (!int.TryParse(dash < 0 ? range : range[..dash], out int first)) return false;
        if (!int.TryParse(dash < 0 ? range : range[(dash + 1)..], out int last)) return false;
        // More CPUs than any kernel is built for is a damaged text, not a list to fill memory with.
        if (first < 0 || last < first || last > ushort.MaxValue) return false;
        for (int cpu = first; cpu <= last; cpu++) cpus.Add(cpu);
        return true;
    }
}
