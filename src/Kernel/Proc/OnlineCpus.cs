namespace Observatory.Kernel;

/// <summary>The CPUs that are online.</summary>
internal static class OnlineCpus
{
    private const string Path = "/sys/devices/system/cpu/online";

    /// <exception cref="KernelAccessException">The list cannot be read.</exception>
    public static int[] Read() =>
        KernelText.TryRead(Path, out string text) && CpuList.TryParse(text, out int[] cpus) && cpus.Length > 0
            ? cpus
            : throw new KernelAccessException(
                KernelAccessFailure.NotSupported, $"{Path} lists no CPUs", "mount -t sysfs sysfs /sys");
}
