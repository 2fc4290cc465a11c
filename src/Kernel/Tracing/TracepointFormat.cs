namespace Observatory.Kernel;

/// <summary>Parses the text of a tracepoint's <c>format</c> file.</summary>
/// <remarks>Documentation/trace/events.rst; per field <c>field:TYPE NAME; offset:N; size:N; signed:N;</c>.</remarks>
internal static class TracepointFormat
{
    /// <param name="text">The file's text.</param>
    /// <param name="field">The field's name, without the brackets of an array.</param>
    /// <returns>The field's offset in bytes, or null.</returns>
    public static int? FindOffset(string text, string field)
    {
        foreach (string line in text.Split('\n'))
        {
            string[] parts = line.Split(';', StringSplitOptions.TrimEntries);
            if (parts.Length < 2 || NameOf(parts[0]) != field) continue;
            if (parts[1].StartsWith("offset:", StringComparison.Ordinal) && int.TryParse(parts[1][7..], out int offset))
                return offset;
        }

        return null;
    }

    private static string? NameOf(string declaration)
    {
        if (!declaration.StartsWith("field:", StringComparison.Ordinal)) return null;
        string name = declaration[(declaration.LastIndexOf(' ') + 1)..];
        int bracket = name.IndexOf('[', StringComparison.Ordinal);
        return bracket < 0 ? name : name[..bracket];
    }
}
