using System.Globalization;
using Observatory.Hosting;
using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>What /proc says about a process, to any user; proc_pid_status(5), proc_pid_stat(5).</summary>
/// <param name="Id">Process id in our pid namespace.</param>
/// <param name="Command">Its comm: the first 15 bytes of the name of its executable.</param>
/// <param name="UserId">Effective user id.</param>
/// <param name="InnerId">Process id in its own pid namespace.</param>
/// <param name="StartTicks">When it started: hundredths of a second since boot, on every architecture that .NET runs on.</param>
internal sealed record ProcessFacts(int Id, string Command, uint UserId, int InnerId, long StartTicks)
{
    /// <summary>Its parent; 0 for none, or one outside our pid namespace.</summary>
    public int Parent { get; init; }

    /// <summary>True while it is stopped by a signal or a debugger, and so answers no request.</summary>
    public bool IsStopped { get; init; }

    /// <summary>The facts of a process; null when there is none, or only what its parent has yet to collect.</summary>
    public static ProcessFacts? Read(int id) =>
        ProcessFiles.TryRead(id, "status") is { } status && ProcessFiles.TryRead(id, "stat") is { } stat ? Parse(id, status, stat) : null;

    /// <summary>
    /// The facts in the texts of /proc/PID/status and /proc/PID/stat; null also where the texts lack what every Linux has in
    /// them.
    /// </summary>
    public static ProcessFacts? Parse(int id, string status, string stat)
    {
        Dictionary<string, string[]> fields = Fields(status);
        // A thread's id has a folder under /proc too, only that no listing shows it.
        if (First(fields, "Tgid") != id.ToString(CultureInfo.InvariantCulture)) return null;
        // A main thread that has ended leaves a Z; the process lives as long as others of its threads do.
        string state = First(fields, "State");
        if (state == "X" || (state == "Z" && First(fields, "Threads") is "" or "0" or "1")) return null;
        if (fields.GetValueOrDefault("Uid") is not [_, var user, ..] || !uint.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out uint userId)) return null;
        if (StartTicksIn(stat) is not { } startTicks) return null;
        return new ProcessFacts(id, SafeText.Name(First(fields, "Name")), userId, InnerIdIn(fields) ?? id, startTicks)
        {
            Parent = int.TryParse(First(fields, "PPid"), NumberStyles.None, CultureInfo.InvariantCulture, out int parent) ? parent : 0,
            IsStopped = state is "T" or "t",
        };
    }

    /// <summary>The innermost namespace comes last; a kernel without such namespaces has no such line.</summary>
    private static int? InnerIdIn(Dictionary<string, string[]> fields) =>
        fields.GetValueOrDefault("NSpid") is [.., var inner] && int.TryParse(inner, NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : null;

    private static Dictionary<string, string[]> Fields(string status)
    {
        Dictionary<string, string[]> fields = [];
        foreach (string line in status.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(':', 2) is [var name, var value]) fields.TryAdd(name, Values(name, value));
        }

        return fields;
    }

    // A name is one value, whatever it contains.
    private static string[] Values(string name, string text) => name == "Name"
        ? [text.Trim()]
        : text.Split((char[])['\t', ' '], StringSplitOptions.RemoveEmptyEntries);

    private static string First(Dictionary<string, string[]> fields, string name) =>
        fields.GetValueOrDefault(name) is [var first, ..] ? first : "";

    /// <summary>Field 22; the second one, the name in parentheses, may contain anything, also spaces and parentheses.</summary>
    private static long? StartTicksIn(string stat)
    {
        // proc_pid_stat(5): the fields behind the name are counted from 3.
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 22 - 3 && long.TryParse(fields[22 - 3], NumberStyles.None, CultureInfo.InvariantCulture, out long ticks) ? ticks : null;
    }
}
