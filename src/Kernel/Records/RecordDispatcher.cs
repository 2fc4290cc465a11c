using System.Runtime.InteropServices;

namespace Observatory.Kernel;

/// <summary>Takes the records of a <see cref="SchedulerRecording"/>, on the thread that drains it.</summary>
public interface ISchedulerRecordHandler
{
    /// <summary>A thread came onto a CPU or left it.</summary>
    void OnSwitch(in SwitchRecord r);

    /// <summary>A thread left a CPU, and the next record of its ring is the coming of another one.</summary>
    void OnHandOver(in SwitchRecord left, in SwitchRecord came)
    {
        OnSwitch(left);
        OnSwitch(came);
    }

    /// <summary>A thread was woken.</summary>
    void OnWaking(in WakingRecord r);

    /// <summary>Records are missing.</summary>
    void OnLost(in LostRecord r);

    /// <summary>A thread has a new name.</summary>
    void OnComm(in CommRecord r)
    {
    }

    /// <summary>A thread began.</summary>
    void OnFork(in ForkRecord r)
    {
    }

    /// <summary>A thread is ending.</summary>
    void OnExit(in ExitRecord r)
    {
    }

    /// <summary>A thread had page faults.</summary>
    void OnPageFaults(in PageFaultsRecord r)
    {
    }

    /// <summary>All records of one ring were handed over; those of the next one begin earlier again.</summary>
    void OnRingDrained()
    {
    }
}

/// <summary>Bytes in, typed records out.</summary>
internal sealed class RecordDispatcher
{
    private readonly FaultDecoder? _faults;
    private readonly WakingDecoder? _wakings;
    private readonly ThreadIdMap? _threadIds;
    private readonly InterruptRecords? _interrupts;
    private long _lostTotal;
    private long _malformedTotal;

    /// <summary>For events of whole CPUs.</summary>
    /// <param name="wakings">Decodes wakings.</param>
    /// <param name="threadIds">Translates the ids in them.</param>
    /// <param name="faults">Decodes page faults; null when none are recorded.</param>
    /// <param name="interrupts">Follows what interrupts are for; null where that is not recorded.</param>
    public RecordDispatcher(WakingDecoder wakings, ThreadIdMap threadIds, FaultDecoder? faults = null, InterruptRecords? interrupts = null)
    {
        (_wakings, _threadIds, _faults, _interrupts) = (wakings, threadIds, faults, interrupts);
    }

    /// <summary>For events of single threads, which have no wakings.</summary>
    /// <param name="faults">Decodes page faults; null when none are recorded.</param>
    public RecordDispatcher(FaultDecoder? faults) => _faults = faults;

    /// <summary>Sum of the counts of the LOST records seen. Readable from any thread.</summary>
    public long LostTotal => Volatile.Read(ref _lostTotal);

    /// <summary>Records that were shorter than their type needs. Readable from any thread.</summary>
    public long MalformedTotal => Volatile.Read(ref _malformedTotal);

    /// <summary>True in a pid namespace, where a thread is known by its id only once a record has named it in both.</summary>
    public bool LearnsThreadIds => _threadIds is { IsInitialNamespace: false };

    /// <summary>Takes the two ids of a record's thread, or that it ended, and nothing else of it.</summary>
    /// <remarks>The common fields of every tracepoint are those of sched_waking.</remarks>
    public void LearnThreadIds(PerfRecord record)
    {
        if (record.Type == PerfRecordType.Exit && TaskDecoder.TryDecodeExit(record, out ExitRecord ended))
            _threadIds?.Forget(ended.ThreadId, ended.Time);
        if (record.Type != PerfRecordType.Sample || (_faults is not null && FaultDecoder.IsFault(record))) return;
        if (_wakings?.TryDecode(record, out WakingSample sample, out _) == true)
            _threadIds?.Learn(sample.InitialWakerId, sample.Waker.ThreadId, sample.Waker.Time);
    }

    /// <summary>All rings are read once more: threads that had ended the time before leave no record any more.</summary>
    public void DropEndedThreadIds() => _threadIds?.DropEnded();

    /// <summary>Decodes the next record, or the next two where a CPU passes from one thread to another, which is most of what a busy machine writes.</summary>
    /// <returns>How many; 0 at the head.</returns>
    public int DispatchNext(ref RingCursor cursor, ISchedulerRecordHandler handler)
    {
        if (SwitchDecoder.TryDecodeHandOver(cursor.Ahead(SwitchDecoder.HandOverBytes), out SwitchRecord left, out SwitchRecord came))
        {
            cursor.Skip(SwitchDecoder.HandOverBytes);
            handler.OnHandOver(left, came);
            return 2;
        }

        if (!cursor.TryRead(out PerfRecord record)) return 0;
        Dispatch(record, handler);
        return 1;
    }

    public void Dispatch(PerfRecord record, ISchedulerRecordHandler handler)
    {
        bool isUnderstood = record.Type switch
        {
            PerfRecordType.SwitchCpuWide or PerfRecordType.Switch => OnSwitch(record, handler),
            PerfRecordType.Sample when _faults is not null && FaultDecoder.IsFault(record) =>
                OnFaults(record, _faults, handler),
            PerfRecordType.Sample => _interrupts?.TryTake(record) == true || OnWaking(record, handler),
            PerfRecordType.Lost => OnLost(record, handler),
            PerfRecordType.Comm => OnComm(record, handler),
            PerfRecordType.Fork => OnFork(record, handler),
            PerfRecordType.Exit => OnExit(record, handler),
            _ => true, // Types of a later kernel carry nothing that was asked for.
        };
        if (!isUnderstood) Volatile.Write(ref _malformedTotal, _malformedTotal + 1);
    }

    /// <summary>Counts a loss and hands it over.</summary>
    public void TellLost(in LostRecord lost, ISchedulerRecordHandler handler)
    {
        Volatile.Write(ref _lostTotal, _lostTotal + lost.Count);
        _interrupts?.Forget(lost.Cpu);
        handler.OnLost(lost);
    }

    private static bool OnSwitch(PerfRecord record, ISchedulerRecordHandler handler)
    {
        if (!SwitchDecoder.TryDecode(record, out SwitchRecord decoded)) return false;
        handler.OnSwitch(decoded);
        return true;
    }

    private static bool OnComm(PerfRecord record, ISchedulerRecordHandler handler)
    {
        if (!CommDecoder.TryDecode(record, out CommRecord decoded)) return false;
        handler.OnComm(decoded);
        return true;
    }

    private static bool OnFork(PerfRecord record, ISchedulerRecordHandler handler)
    {
        if (!TaskDecoder.TryDecodeFork(record, out ForkRecord decoded)) return false;
        handler.OnFork(decoded);
        return true;
    }

    private bool OnExit(PerfRecord record, ISchedulerRecordHandler handler)
    {
        if (!TaskDecoder.TryDecodeExit(record, out ExitRecord decoded)) return false;
        _threadIds?.Forget(decoded.ThreadId, decoded.Time);
        handler.OnExit(decoded);
        return true;
    }

    private static bool OnFaults(PerfRecord record, FaultDecoder faults, ISchedulerRecordHandler handler)
    {
        if (!faults.TryDecode(record, out PageFaultsRecord decoded)) return false;
        handler.OnPageFaults(decoded);
        return true;
    }

    private bool OnWaking(PerfRecord record, ISchedulerRecordHandler handler)
    {
        if (_wakings is null || _threadIds is null) return false;
        if (!_wakings.TryDecode(record, out WakingSample sample, out int initialWokenId)) return false;
        SampleId waker = sample.Waker;
        _threadIds.Learn(sample.InitialWakerId, waker.ThreadId, waker.Time);
        int wokenId = _threadIds.Translate(initialWokenId, waker.Time);
        handler.OnWaking(new WakingRecord(waker.Time, waker.Cpu, waker.ProcessId, waker.ThreadId, wokenId, sample.IsInterrupt, KindOf(sample)));
        return true;
    }

    private InterruptKind KindOf(in WakingSample sample) => !sample.IsInterrupt ? InterruptKind.None
        : _interrupts?.Now(sample.Waker.Cpu, sample.IsHard) ?? InterruptKind.Other;

    private bool OnLost(PerfRecord record, ISchedulerRecordHandler handler)
    {
        if (!LostDecoder.TryDecode(record, isOfThread: _wakings is null, out LostRecord decoded)) return false;
        TellLost(decoded, handler);
        return true;
    }
}

/// <summary>Thread, time and CPU of a record: the fields of <see cref="PerfSampleFields.Identity"/>.</summary>
/// <remarks>
/// u32 pid, u32 tid, u64 time, u32 cpu, u32 reserved. A sample begins with them, every other record ends with them
/// (sample_id_all); the two orders differ only in fields that are not asked for.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal readonly record struct SampleId(int ProcessId, int ThreadId, long Time, int Cpu)
{
    public const int Bytes = 24;

    /// <param name="bytes">At least <see cref="Bytes"/>.</param>
    public static SampleId Read(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<SampleId>(bytes);

    /// <summary>Reads it from the end of a record that has <paramref name="bodyBytes"/> of its own before it.</summary>
    public static bool TryReadTrailing(PerfRecord record, int bodyBytes, out SampleId id)
    {
        bool isComplete = record.Bytes.Length >= PerfRecord.HeaderBytes + bodyBytes + Bytes;
        id = isComplete ? Read(record.Bytes[^Bytes..]) : default;
        return isComplete;
    }
}
