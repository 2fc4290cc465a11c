namespace Observatory.Kernel;

/// <summary>The value of /proc/sys/kernel/perf_event_paranoid.</summary>
/// <remarks>Documentation/admin-guide/sysctl/kernel.rst. 3 and 4 are additions of Debian, Ubuntu and Android.</remarks>
internal static class ParanoidLevel
{
    public static bool TryParse(ReadOnlySpan<char> text, out int level) => int.TryParse(text.Trim(), out level);

    public static string Describe(int level) => level switch
    {
        < 0 => $"{level}: everyone may record everything",
        0 => "0: everyone may record CPU-wide, but no tracepoint samples",
        1 => "1: everyone may record their own processes, kernel included",
        2 => "2: everyone may record their own processes, kernel left out",
        _ => $"{level}: only CAP_PERFMON may record",
    };
}
