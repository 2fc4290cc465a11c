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
            PerfRecordType.Comm => OnComm(record, handler),
            PerfRecordType.Fork => OnFork(record, handler),
            PerfRecordType.Exit => OnExit(record, handler),
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

    private static bool OnExit(PerfRecord record, ISchedulerRecordHandler handler)
    {
        if (!TaskDecoder.TryDecodeExit(record, out ExitRecord decoded)) return false;
        handler.OnExit(decoded);
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
