using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>The .NET runtime among the files that a process has mapped; proc_pid_maps(5).</summary>
internal static class RuntimeLibrary
{
    private const string FileName = "libcoreclr.so";

    /// <summary>Where a process has its runtime from; null when it has none in a file of its own.</summary>
    /// <param name="maps">The text of /proc/PID/maps.</param>
    public static string? PathIn(string maps)
    {
        foreach (ReadOnlySpan<char> line in maps.AsSpan().EnumerateLines())
        {
            int path = line.IndexOf('/');
            if (path >= 0 && Path.GetFileName(line).SequenceEqual(FileName)) return line[path..].ToString();
        }

        return null;
    }

    /// <summary>
    /// True for a runtime that has begun and not yet loaded the library that every managed program needs: it waits to be
    /// resumed, or is about to load it.
    /// </summary>
    /// <param name="maps">The text of /proc/PID/maps.</param>
    public static bool IsSuspended(string maps) =>
        PathIn(maps) is not null && !maps.Contains("/System.Private.CoreLib.dll", StringComparison.Ordinal);

    /// <summary>The version, which an installed runtime has for a folder name; null where there is none (self-contained).</summary>
    public static string? VersionIn(string maps)
    {
        string? folder = Path.GetFileName(Path.GetDirectoryName(PathIn(maps)));
        return folder is { Length: > 0 } && char.IsAsciiDigit(folder[0]) && folder.Contains('.') ? folder : null;
    }
}

/// <summary>Whether a process has loaded src/Contract, and with it the events by which iterations are marked; proc_pid_maps(5).</summary>
internal static class ContractLibrary
{
    private const string FileName = "Observatory.Contract.dll";

    /// <summary>False also where the file cannot be seen: in a program of a single file, or in another user's process.</summary>
    public static bool IsLoadedBy(int process) => ProcessFiles.TryRead(process, "maps") is { } maps && IsIn(maps);

    /// <summary>True when it is in the text of /proc/PID/maps.</summary>
    public static bool IsIn(string maps) => maps.Contains($"/{FileName}\n", StringComparison.Ordinal);
}
