namespace Observatory.Kernel;

/// <summary>Bytes in, typed records out.</summary>
internal sealed class RecordDispatcher(WakingDecoder wakings, ThreadIdMap threadIds)
{
    private long _lostTotal;
    private long _malformedTotal;

    /// <summary>Sum of the counts of the LOST records seen. Readable from any thread.</summary>
    public long LostTotal => Volatile.Read(ref _lostTotal);

    /// <summary>Records that were shorter than their type needs. Readable from any thread.</summary>
    public long MalformedTotal => Volatile.Read(ref _malformedTotal);

    public void Dispatch(PerfRecord record, ISchedulerRecordHandler handler)
    {
        bool isUnderstood = record.Type switch
        {
            PerfRecordType.SwitchCpuWide => OnSwitch(record, handler),
            PerfRecordType.Sample => OnWaking(record, handler),
            PerfRecordType.Lost => OnLost(record, handler),
            _ => true, // Types of a later kernel carry nothing that was asked for.
        };
        if (!isUnderstood) Volatile.Write(ref _malformedTotal, _malformedTotal + 1);
    }

    private static bool OnSwitch(PerfRecord record, ISchedulerRecordHandler handler)
    {
        if (!SwitchDecoder.TryDecode(record, out SwitchRecord decoded)) return false;
        handler.OnSwitch(decoded);
        return true;
    }

    private bool OnWaking(PerfRecord record, ISchedulerRecordHandler handler)
    {
        if (!wakings.TryDecode(record, out WakingSample sample)) return false;
        SampleId waker = sample.Waker;
        threadIds.Learn(sample.InitialWakerId, waker.ThreadId);
        int wokenId = threadIds.Translate(sample.InitialWokenId);
        handler.OnWaking(new WakingRecord(waker.Time, waker.Cpu, waker.ProcessId, waker.ThreadId, wokenId));
        return true;
    }

    private bool OnLost(PerfRecord record, ISchedulerRecordHandler handler)
    {
        if (!LostDecoder.TryDecode(record, out LostRecord decoded)) return false;
        Volatile.Write(ref _lostTotal, _lostTotal + decoded.Count);
        handler.OnLost(decoded);
        return true;
    }
}
