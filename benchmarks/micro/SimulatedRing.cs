using System.Buffers.Binary;
using Observatory.Kernel;

namespace Observatory.Micro;

/// <summary>A perf ring in managed memory, filled with records as the kernel writes them: perf_event_open(2), "MMAP layout".</summary>
internal sealed class SimulatedRing(int cpu)
{
    private const int RingBytes = 1 << 18;
    private const int SwitchBytes = 40;
    private const int WakingBytes = 72;

    /// <summary>Where sched:sched_waking has its field <c>pid</c>: behind the common fields and the name.</summary>
    public const int WokenIdOffset = 24;

    private readonly byte[] _data = new byte[RingBytes];
    private readonly byte[] _record = new byte[WakingBytes];
    private readonly byte[] _scratch = new byte[PerfRecord.MaximumBytes];
    private ulong _head;
    private ulong _tail;

    /// <summary>PERF_RECORD_SWITCH_CPU_WIDE.</summary>
    public void Switch(long time, int process, int thread, PerfRecordMisc misc)
    {
        Span<byte> record = Begin(PerfRecordType.SwitchCpuWide, misc, SwitchBytes);
        WriteId(record[16..], time, process, thread);
        Append(record);
    }

    /// <summary>PERF_RECORD_SAMPLE of sched:sched_waking.</summary>
    public void Waking(long time, int process, int waker, int woken)
    {
        Span<byte> record = Begin(PerfRecordType.Sample, PerfRecordMisc.None, WakingBytes);
        WriteId(record[8..], time, process, waker);
        BinaryPrimitives.WriteUInt32LittleEndian(record[32..], 36);
        Span<byte> raw = record[36..];
        BinaryPrimitives.WriteInt32LittleEndian(raw[4..], waker);
        BinaryPrimitives.WriteInt32LittleEndian(raw[WokenIdOffset..], woken);
        Append(record);
    }

    public void LearnThreadIds(RecordDispatcher dispatcher)
    {
        RingCursor cursor = new(_data, _tail, _head, _scratch);
        while (cursor.TryRead(out PerfRecord record)) dispatcher.LearnThreadIds(record);
    }

    public void Drain(RecordDispatcher dispatcher, ISchedulerRecordHandler handler)
    {
        RingCursor cursor = new(_data, _tail, _head, _scratch);
        while (dispatcher.DispatchNext(ref cursor, handler) > 0)
        {
        }

        _tail = _head;
        handler.OnRingDrained();
    }

    private Span<byte> Begin(PerfRecordType type, PerfRecordMisc misc, int size)
    {
        Span<byte> record = _record.AsSpan(0, size);
        record.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)type);
        BinaryPrimitives.WriteUInt16LittleEndian(record[4..], (ushort)misc);
        BinaryPrimitives.WriteUInt16LittleEndian(record[6..], (ushort)size);
        return record;
    }

    private void WriteId(Span<byte> id, long time, int process, int thread)
    {
        BinaryPrimitives.WriteInt32LittleEndian(id, process);
        BinaryPrimitives.WriteInt32LittleEndian(id[4..], thread);
        BinaryPrimitives.WriteInt64LittleEndian(id[8..], time);
        BinaryPrimitives.WriteInt32LittleEndian(id[16..], cpu);
    }

    private void Append(ReadOnlySpan<byte> record)
    {
        int offset = (int)(_head & (RingBytes - 1));
        int first = Math.Min(record.Length, RingBytes - offset);
        record[..first].CopyTo(_data.AsSpan(offset));
        record[first..].CopyTo(_data);
        _head += (ulong)record.Length;
    }
}
