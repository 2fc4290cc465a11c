namespace Observatory.Kernel;

/// <summary>Parses the text of /proc/PID/task/TID/stat; proc_pid_stat(5).</summary>
public static class ThreadStat
{
    // proc_pid_stat(5) counts from 1 and the name is its field 2: field 3 is the first one after the name.
    private const int FirstField = 3;
    private const int MinorFaultsField = 10;
    private const int MajorFaultsField = 12;
    private const int ProcessorField = 39;

    /// <summary>Parses one line, <c>TID (NAME) STATE ...</c>.</summary>
    /// <param name="text">The file's text. The name may hold spaces and parentheses.</param>
    /// <param name="thread">What it says.</param>
    /// <returns>False when a field is missing or is no number.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out ThreadInfo thread)
    {
        thread = default;
        // Nothing after the name holds a parenthesis: the last one ends it, whatever the name is.
        (int open, int close) = (text.IndexOf('('), text.LastIndexOf(')'));
        if (open < 0 || close < open || !int.TryParse(text[..open].Trim(), out int threadId)) return false;

        ReadOnlySpan<char> fields = text[(close + 1)..].Trim();
        Span<Range> parts = stackalloc Range[ProcessorField - FirstField + 2];
        int count = fields.Split(parts, ' ', StringSplitOptions.RemoveEmptyEntries);
        if (count <= ProcessorField - FirstField || fields[parts[0]].Length != 1) return false;
        if (!long.TryParse(fields[parts[MinorFaultsField - FirstField]], out long minor)) return false;
        if (!long.TryParse(fields[parts[MajorFaultsField - FirstField]], out long major)) return false;
        if (!int.TryParse(fields[parts[ProcessorField - FirstField]], out int processor)) return false;
        string name = text[(open + 1)..close].ToString();
        thread = new ThreadInfo(threadId, name, fields[parts[0]][0], processor, minor, major);
        return true;
    }
}
