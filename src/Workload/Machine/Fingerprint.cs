using System.Security.Cryptography;
using System.Text;
using Observatory.Kernel;
using Observatory.Study;

namespace Observatory.Workload;

/// <summary>What a results file says about the machine.</summary>
internal static class Fingerprint
{
    /// <param name="files">Files below a root.</param>
    /// <param name="torch">Version of libtorch.</param>
    /// <param name="threads">Threads libtorch computes with.</param>
    public static MachineFingerprint Read(CgroupFiles files, string torch, int threads)
    {
        string? cpu = ProcessorModel.Read(files);
        CpuCaches caches = CpuCaches.Read(files);
        return new MachineFingerprint
        {
            Id = Id(files, cpu, caches),
            Cpu = cpu,
            Cores = Environment.ProcessorCount,
            L1dBytes = caches.L1d,
            L2Bytes = caches.L2,
            L3Bytes = caches.L3,
            MemoryBytes = MachineMemory.ReadTotal(files),
            Kernel = files.Read("proc/sys/kernel/osrelease")?.Trim(),
            CgroupCpus = CpuQuota.Read(files),
            CgroupMemoryBytes = CgroupMemory.ReadLimit(files),
            Governor = files.Read("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")?.Trim(),
            Torch = torch,
            Runtime = Environment.Version.ToString(),
            Threads = threads,
        };
    }

    /// <summary>
    /// machine-id(5) asks not to be shown as it is, so it goes through a keyed hash. Where it is absent, as in most
    /// containers, machines of the same make look the same.
    /// </summary>
    private static string Id(CgroupFiles files, string? cpu, CpuCaches caches)
    {
        string machine = files.Read("etc/machine-id")?.Trim() ?? "";
        byte[] hash = HMACSHA256.HashData("observatory-results"u8, Encoding.UTF8.GetBytes($"{machine}|{cpu}|{caches}"));
        return Convert.ToHexStringLower(hash.AsSpan(0, 8));
    }
}
