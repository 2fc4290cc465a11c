namespace Observatory.Workload;

/// <summary>Reads the text of <c>/proc/cpuinfo</c>, see proc_cpuinfo(5).</summary>
internal static class CpuInfoText
{
    /// <summary>Model name of the first CPU; null when absent, as on some that are not x86.</summary>
    public static string? Model(string text) => text
        .Split('\n')
        .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
        .Where(fields => fields is ["model name", { Length: > 0 }])
        .Select(fields => fields[1])
        .FirstOrDefault();
}
