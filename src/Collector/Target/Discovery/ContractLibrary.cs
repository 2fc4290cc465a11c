namespace Observatory.Collector;

/// <summary>Whether a process has loaded src/Contract, and with it the events by which iterations are marked; proc_pid_maps(5).</summary>
internal static class ContractLibrary
{
    private const string FileName = "Observatory.Contract.dll";

    /// <summary>False also where the file cannot be seen: in a program of a single file, or in another user's process.</summary>
    public static bool IsLoadedBy(int process) => ProcText.TryRead(process, "maps") is { } maps && IsIn(maps);

    /// <summary>True when it is in the text of /proc/PID/maps.</summary>
    public static bool IsIn(string maps) => maps.Contains($"/{FileName}\n", StringComparison.Ordinal);
}
