using System.Globalization;

namespace Observatory.Kernel;

/// <summary>How much memory this process may map for rings.</summary>
/// <param name="Limit">
/// RLIMIT_MEMLOCK in bytes, of this process; null for no limit.
/// </param>
/// <param name="Shared">Bytes that each user has besides it: perf_event_mlock_kb, in whole pages, for each CPU that is online.</param>
/// <param name="IsPrivileged">CAP_IPC_LOCK: neither counts.</param>
/// <param name="PageBytes">A page of this machine: 4 KiB, and 16 or 64 KiB on some that are not x86.</param>
/// <remarks>perf_mmap() in kernel/events/core.c; Documentation/admin-guide/sysctl/kernel.rst.</remarks>
internal sealed record LockedMemory(long? Limit, long Shared, bool IsPrivileged, int PageBytes)
{
    private const int IpcLock = 14;

    /// <summary>True where nothing but the machine's memory is a limit.</summary>
    public bool IsUnlimited => IsPrivileged || Limit is null;

    /// <summary>The limits of this process; null where /proc does not tell them.</summary>
    public static LockedMemory? Read(string procRoot)
    {
        if (!KernelText.TryRead($"{procRoot}/self/limits", out string limits)) return null;
        if (!KernelText.TryRead($"{procRoot}/self/status", out string status)) return null;
        if (!KernelText.TryRead($"{procRoot}/sys/kernel/perf_event_mlock_kb", out string shared)) return null;
        // The kernel multiplies by the CPUs that are online, whatever this process may use of them.
        return OnlineCpus.TryRead(out int[] cpus) ? Parse(limits, status, shared, cpus.Length, Environment.SystemPageSize) : null;
    }

    /// <summary>The limits in the texts of /proc/PID/limits, /proc/PID/status and perf_event_mlock_kb.</summary>
    public static LockedMemory? Parse(string limits, string status, string sharedKilobytes, int onlineCpus, int pageBytes)
    {
        string[] limit = Words(limits, "Max locked memory");
        string[] capabilities = Words(status, "CapEff:");
        if (limit.Length == 0 || capabilities.Length == 0) return null;
        if (!long.TryParse(sharedKilobytes.Trim(), CultureInfo.InvariantCulture, out long kilobytes)) return null;
        if (!ulong.TryParse(capabilities[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong effective)) return null;
        // The first of the two numbers, the one that is enforced; otherwise the word "unlimited".
        long? bytes = long.TryParse(limit[0], CultureInfo.InvariantCulture, out long number) ? number : null;
        // The kernel counts pages: what is not a whole one cannot be locked.
        long shared = WholePages(kilobytes << 10, pageBytes) * onlineCpus;
        return new LockedMemory(bytes is { } limited ? WholePages(limited, pageBytes) : null, shared, (effective >> IpcLock & 1) != 0, pageBytes);
    }

    /// <summary>Threads that rings of a size can be mapped for, each with its page of positions.</summary>
    public long RoomFor(int ringBytes) =>
        IsUnlimited ? long.MaxValue : (Shared + Limit!.Value) / (RingBytes(ringBytes) + PageBytes);

    /// <summary>For people.</summary>
    public string Describe(int ringBytes)
    {
        ringBytes = RingBytes(ringBytes);
        if (IsPrivileged) return $"{ringBytes >> 10} KiB for each thread, without a limit (CAP_IPC_LOCK)";
        if (Limit is not { } limit) return $"{ringBytes >> 10} KiB for each thread, without a limit (RLIMIT_MEMLOCK is unlimited)";
        return $"{ringBytes >> 10} KiB for each of {RoomFor(ringBytes)} threads, smaller rings for each of up to "
            + $"{RoomFor(PageBytes)} (RLIMIT_MEMLOCK {limit >> 10} KiB, and {Shared >> 10} KiB for this user)";
    }

    /// <summary>No ring is smaller than a page.</summary>
    private int RingBytes(int wanted) => Math.Max(wanted, PageBytes);

    private static long WholePages(long bytes, int pageBytes) => bytes / pageBytes * pageBytes;

    private static string[] Words(string text, string key) => text.Split('\n')
        .FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))
        ?[key.Length..].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries) ?? [];
}
