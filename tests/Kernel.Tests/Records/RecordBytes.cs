using System.Buffers.Binary;

namespace Observatory.Kernel.Tests;

/// <summary>Writes records as perf_event_open(2) lays them out, apart from the decoders' own constants.</summary>
internal static class RecordBytes
{
    public const int WokenIdOffset = 24;

    public static byte[] SwitchIn(long time, int cpu, int pid, int tid) => Switch(0, time, cpu, pid, tid);

    public static byte[] SwitchOut(long time, int cpu, int pid, int tid) => Switch(0x2000, time, cpu, pid, tid);

    public static byte[] Preempted(long time, int cpu, int pid, int tid) => Switch(0x6000, time, cpu, pid, tid);

    public static byte[] Lost(long time, int cpu, long count)
    {
        byte[] record = Record(type: 2, misc: 0, size: 48);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(8), 77);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(16), count);
        WriteIdentity(record.AsSpan(24), 500, 501, time, cpu);
        return record;
    }

    public static byte[] Waking(long time, int cpu, int pid, int tid, int initialWaker, int initialWoken)
    {
        // header 8, identity 24, u32 raw size, 36 bytes of tracepoint
        byte[] record = Record(type: 9, misc: 0, size: 72);
        WriteIdentity(record.AsSpan(8), pid, tid, time, cpu);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(32), 36);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(36 + 4), initialWaker);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(36 + WokenIdOffset), initialWoken);
        return record;
    }

    public static byte[] Comm(long time, int cpu, int pid, int tid, string name, ushort misc = 0)
    {
        // header 8, u32 pid, u32 tid, the name with its zero padded to 8, identity 24
        byte[] text = System.Text.Encoding.UTF8.GetBytes(name);
        int padded = (text.Length + 8) / 8 * 8;
        byte[] record = Record(type: 3, misc, size: 16 + padded + 24);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), pid);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), tid);
        text.CopyTo(record, 16);
        WriteIdentity(record.AsSpan(16 + padded), pid, tid, time, cpu);
        return record;
    }

    public static byte[] Fork(long time, int cpu, int pid, int tid, int parentPid, int parentTid) =>
        Task(7, time, cpu, pid, tid, parentPid, parentTid, inPid: parentPid, inTid: parentTid);

    public static byte[] Exit(long time, int cpu, int pid, int tid, int parentPid, int parentTid) =>
        Task(4, time, cpu, pid, tid, parentPid, parentTid, inPid: pid, inTid: tid);

    public static byte[] ThreadSwitch(ushort misc, long time, int cpu, int pid, int tid)
    {
        byte[] record = Record(type: 14, misc, size: 32);
        WriteIdentity(record.AsSpan(8), pid, tid, time, cpu);
        return record;
    }

    public static byte[] MinorFaults(long time, int cpu, int pid, int tid)
    {
        byte[] record = Record(type: 9, misc: 0, size: 32);
        WriteIdentity(record.AsSpan(8), pid, tid, time, cpu);
        return record;
    }

    public static byte[] MajorFault(long time, int cpu, int pid, int tid)
    {
        byte[] record = Record(type: 9, misc: 0, size: 40);
        WriteIdentity(record.AsSpan(8), pid, tid, time, cpu);
        record[32] = 1;
        return record;
    }

    public static byte[] Record(uint type, ushort misc, int size)
    {
        byte[] record = new byte[size];
        BinaryPrimitives.WriteUInt32LittleEndian(record, type);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(4), misc);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(6), (ushort)size);
        return record;
    }

    private static byte[] Task(
        uint type, long time, int cpu, int pid, int tid, int parentPid, int parentTid, int inPid, int inTid)
    {
        // header 8, u32 pid, ppid, tid, ptid, u64 time, identity 24
        byte[] record = Record(type, misc: 0, size: 56);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), pid);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), parentPid);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(16), tid);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(20), parentTid);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(24), time);
        WriteIdentity(record.AsSpan(32), inPid, inTid, time, cpu);
        return record;
    }

    private static byte[] Switch(ushort misc, long time, int cpu, int pid, int tid)
    {
        byte[] record = Record(type: 15, misc, size: 40);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), 900);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), 901);
        WriteIdentity(record.AsSpan(16), pid, tid, time, cpu);
        return record;
    }

    private static void WriteIdentity(Span<byte> at, int pid, int tid, long time, int cpu)
    {
        BinaryPrimitives.WriteInt32LittleEndian(at, pid);
        BinaryPrimitives.WriteInt32LittleEndian(at[4..], tid);
        BinaryPrimitives.WriteInt64LittleEndian(at[8..], time);
        BinaryPrimitives.WriteInt32LittleEndian(at[16..], cpu);
    }
}
