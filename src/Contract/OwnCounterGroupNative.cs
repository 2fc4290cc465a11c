using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Observatory.Contract;

/// <summary>perf_event_open(2) for the calling thread; docs/adr/0006-counters-read-by-the-driving-thread.md.</summary>
internal static partial class OwnCounterGroupNative
{
    private const int CallingThread = 0;
    private const int AnyCpu = -1;
    private const int NoGroup = -1;
    private const int CloseOnExec = 8;

    /// <summary>Opens what there is of a set, in its order; counting begins at once.</summary>
    /// <param name="set">Which.</param>
    /// <param name="error">Why there is no leader, and then nothing; 0 when there is one.</param>
    /// <returns>A handle per counter; null for one that this machine lacks.</returns>
    public static SafeFileHandle?[] Open(CounterSet set, out int error)
    {
        var opened = new SafeFileHandle?[CounterSet.Size];
        opened[0] = Open(set.Counters[0], NoGroup, out error);
        if (error != 0) return opened;
        nint leader = opened[0]!.DangerousGetHandle();
        for (int i = 1; i < set.Counters.Count; i++) opened[i] = Open(set.Counters[i], leader, out _);
        return opened;
    }

    private static SafeFileHandle? Open(CounterDefinition counter, nint group, out int error)
    {
        var attributes = new CounterAttributes { Type = counter.Type, Config = counter.Config };
        SafeFileHandle opened = OpenEvent(Number, attributes, CallingThread, AnyCpu, group, CloseOnExec);
        error = opened.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
        if (error == 0) return opened;
        opened.Dispose();
        return null;
    }

    private static nint Number => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 298 : 241;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial SafeFileHandle OpenEvent(
        nint number, in CounterAttributes attributes, nint thread, nint cpu, nint group, nint flags);

    // With a transition: it waits while another process opens or closes events of this thread.
    [LibraryImport("libc", EntryPoint = "read")]
    public static partial nint Read(SafeFileHandle group, Span<long> words, nint bytes);
}

/// <summary>struct perf_event_attr of include/uapi/linux/perf_event.h, its first version, which every kernel accepts.</summary>
[StructLayout(LayoutKind.Explicit, Size = ByteSize)]
internal struct CounterAttributes()
{
    private const int ByteSize = 64;

    // PERF_FORMAT_TOTAL_TIME_ENABLED, ..._RUNNING and ..._GROUP.
    private const ulong GroupWithTimes = 1 | 2 | 8;

    // exclude_kernel and exclude_hv: what perf_event_paranoid 2 leaves to everybody.
    private const ulong UserModeOnly = (1 << 5) | (1 << 6);

    [FieldOffset(0)]
    public uint Type;

    [FieldOffset(4)]
    public uint Size = ByteSize;

    [FieldOffset(8)]
    public ulong Config;

    [FieldOffset(32)]
    public ulong ReadFormat = GroupWithTimes;

    [FieldOffset(40)]
    public ulong Flags = UserModeOnly;
}
