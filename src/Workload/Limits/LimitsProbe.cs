using System.Globalization;
using Observatory.Study;

namespace Observatory.Workload;

/// <summary>Measures what the machine can do at most, in about three seconds. For the driving thread.</summary>
internal static class LimitsProbe
{
    /// <param name="files">Say the size of the caches and how much memory is left.</param>
    /// <param name="threads">Threads of the sweep: the limits are those of so many.</param>
    public static MachineLimits Measure(CgroupFiles files, int threads)
    {
        CpuCaches caches = CpuCaches.Read(files);
        return new MachineLimits
        {
            GemmFlopsPerSecond = GemmPeak.Measure(),
            FmaFlopsPerSecond = FmaPeak.Measure(threads),
            BandwidthBytesPerSecond =
                TriadBandwidth.Measure(threads, caches.L3 ?? caches.L2, AvailableMemory.Read(files).Bytes),
        };
    }

    /// <summary>Says them in the log.</summary>
    public static void Log(ILogger logger, MachineLimits limits) => WorkloadLog.LimitsMeasured(
        logger, Text(limits.GemmFlopsPerSecond), Text(limits.FmaFlopsPerSecond), Text(limits.BandwidthBytesPerSecond));

    private static string Text(double? value) =>
        (value / 1e9)?.ToString("0.0", CultureInfo.InvariantCulture) ?? "not measured";
}
