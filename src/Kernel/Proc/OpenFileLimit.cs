using System.Globalization;

namespace Observatory.Kernel;

/// <summary>How many descriptors this process may have open; proc_pid_limits(5), getrlimit(2).</summary>
public static class OpenFileLimit
{
    /// <summary>What .NET itself, its assemblies and the metrics server need before any event is opened.</summary>
    public const int Least = 256;

    private const string Line = "Max open files";

    /// <summary>The limit; <see cref="long.MaxValue"/> for none, null where the system does not say.</summary>
    public static long? Read() => KernelText.TryRead("/proc/self/limits", out string text) ? Parse(text) : null;

    /// <summary>The limit in the text of /proc/self/limits: the soft one, which .NET has raised to the hard one.</summary>
    public static long? Parse(string limits)
    {
        foreach (string line in limits.Split('\n'))
        {
            if (!line.StartsWith(Line, StringComparison.Ordinal)) continue;
            string soft = line[Line.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
            return soft == "unlimited" ? long.MaxValue : long.Parse(soft, CultureInfo.InvariantCulture);
        }

        return null;
    }
}
