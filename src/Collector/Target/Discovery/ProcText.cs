namespace Observatory.Collector;

/// <summary>Reads files of /proc/PID, which come and go with the process and may be closed to us.</summary>
internal static class ProcText
{
    /// <summary>The text of a file; null when the process is gone or the file may not be read.</summary>
    public static string? TryRead(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The items of a file that separates them by zero bytes (cmdline, environ); none when it cannot be read.</summary>
    public static string[] ReadItems(int process, string file) =>
        (TryRead(process, file) ?? "").Split('\0', StringSplitOptions.RemoveEmptyEntries);
}
