using System.Globalization;

namespace Observatory.Workload;

/// <summary>CPU bandwidth limits as cgroups write them, in CPUs.</summary>
internal static class CpuQuotaText
{
    /// <summary><c>cpu.max</c> of version 2: quota and period in microseconds, or <c>max</c>. Null: no limit.</summary>
    public static double? Version2(string? text) =>
        text?.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries) is [var quota, var period, ..]
            ? Cpus(quota, period)
            : null;

    /// <summary>
    /// <c>cpu.cfs_quota_us</c>, -1 for none, and <c>cpu.cfs_period_us</c> of version 1. Null: no limit.
    /// </summary>
    public static double? Version1(string? quota, string? period) => Cpus(quota?.Trim(), period?.Trim());

    private static double? Cpus(string? quota, string? period) =>
        long.TryParse(quota, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long used)
        && long.TryParse(period, NumberStyles.None, CultureInfo.InvariantCulture, out long of)
        && used > 0 && of > 0
            ? (double)used / of
            : null;
}
