using System.Globalization;

namespace Observatory.Collector;

/// <summary>What /proc says about a process, to any user; proc_pid_status(5), proc_pid_stat(5).</summary>
/// <param name="Id">Process id in our pid namespace.</param>
/// <param name="Command">Its comm: the first 15 bytes of the name of its executable.</param>
/// <param name="UserId">Effective user id.</param>
/// <param name="InnerId">Process id in its own pid namespace.</param>
/// <param name="StartTicks">When it started: hundredths of a second since boot, on every architecture that .NET runs on.</param>
internal sealed record ProcessFacts(int Id, string Command, uint UserId, int InnerId, long StartTicks)
{
    /// <summary>True while a signal or a debugger keeps it from running: it answers nothing.</summary>
    public bool IsStopped { get; init; }

    /// <summary>The facts of a process; null when there is none, or only what its parent has yet to collect.</summary>
    public static ProcessFacts? Read(int id) =>
        ProcText.TryRead(id, "status") is { } status && ProcText.TryRead(id, "stat") is { } stat ? Parse(id, status, stat) : null;

    /// <summary>The facts in the texts of /proc/PID/status and /proc/PID/stat.</summary>
    public static ProcessFacts? Parse(int id, string status, string stat)
    {
        Dictionary<string, string[]> fields = Fields(status);
        // A thread's id has a folder under /proc too, only that no listing shows it.
        if (First(fields, "Tgid") != id.ToString(CultureInfo.InvariantCulture)) return null;
        if (First(fields, "State") is "Z" or "X") return null;
        return new ProcessFacts(
            id,
            First(fields, "Name"),
            uint.Parse(fields["Uid"][1], CultureInfo.InvariantCulture),
            // The innermost namespace comes last.
            int.Parse(fields["NSpid"][^1], CultureInfo.InvariantCulture),
            StartTicksOf(stat))
        {
            IsStopped = First(fields, "State") is "T" or "t",
        };
    }

    private static Dictionary<string, string[]> Fields(string status) => status
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(':', 2))
        .Where(parts => parts.Length == 2)
        .ToDictionary(parts => parts[0], parts => Values(parts[0], parts[1]));

    // A name is one value, whatever it contains.
    private static string[] Values(string name, string text) => name == "Name"
        ? [text.Trim()]
        : text.Split((char[])['\t', ' '], StringSplitOptions.RemoveEmptyEntries);

    private static string First(Dictionary<string, string[]> fields, string name) =>
        fields.GetValueOrDefault(name) is [var first, ..] ? first : "";

    /// <summary>Field 22; the second one, the name in parentheses, may contain anything, also spaces and parentheses.</summary>
    private static long StartTicksOf(string stat) =>
        long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[22 - 3], CultureInfo.InvariantCulture);
}

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
