using System.Globalization;

namespace Observatory.Kernel;

/// <summary>Limits of this process that an observation can run into; proc_pid_limits(5), getrlimit(2).</summary>
/// <param name="OpenFiles">Descriptors it may have open: the soft limit, which .NET has raised to the hard one.</param>
/// <param name="Threads">Threads that its user may have, in all processes; the kernel does not hold root to it.</param>
public readonly record struct ResourceLimits(long OpenFiles, long Threads)
{
    /// <summary>Descriptors that .NET itself, its assemblies and the metrics server need before any event is opened.</summary>
    public const int LeastOpenFiles = 256;

    /// <summary>Limits of this process; <see cref="long.MaxValue"/> stands for none, and for what the system does not say.</summary>
    public static ResourceLimits Read() => KernelText.TryRead("/proc/self/limits", out string text) ? Parse(text) : Parse("");

    /// <summary>Reads the text of /proc/self/limits.</summary>
    public static ResourceLimits Parse(string limits) => new(Soft(limits, "Max open files"), Soft(limits, "Max processes"));

    private static long Soft(string limits, string name)
    {
        foreach (string line in limits.Split('\n'))
        {
            if (!line.StartsWith(name, StringComparison.Ordinal)) continue;
            string? soft = line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
            return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out long limit) ? limit : long.MaxValue;
        }

        return long.MaxValue;
    }
}
