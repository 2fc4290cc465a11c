namespace Observatory.Kernel;

/// <summary>The CPUs that are online, whatever part of them an affinity mask or a quota leaves to this process.</summary>
public static class OnlineCpus
{
    private const string Path = "/sys/devices/system/cpu/online";

    /// <returns>Their numbers, ascending.</returns>
    /// <exception cref="KernelAccessException">The list cannot be read.</exception>
    public static int[] Read() =>
        KernelText.TryRead(Path, out string text) && CpuList.TryParse(text, out int[] cpus) && cpus.Length > 0
            ? cpus
            : throw new KernelAccessException(
                KernelAccessFailure.NotSupported, $"{Path} lists no CPUs", "mount -t sysfs sysfs /sys");
}
