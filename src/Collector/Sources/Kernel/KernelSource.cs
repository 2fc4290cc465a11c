using Observatory.Collector.Pipeline;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector.Sources.Kernel;

/// <summary>Context switches and wake-ups of every CPU, read from the kernel's rings on a thread of its own.</summary>
internal sealed class KernelSource(Inbox inbox, SourceStatus status, ThreadNames names) : IDisposable
{
    /// <summary>
    /// A record carries the time at which its event began; it is visible in the ring a little later, much later when the
    /// hypervisor takes the CPU away in between. So a drain is called complete only up to this long before it began.
    /// </summary>
    private static readonly Duration Settling = Duration.FromMilliseconds(20);

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private SchedulerRecording? _recording;
    private Thread? _reader;
    private readonly ManualResetEventSlim _reading = new();
    private volatile bool _stopping;

    /// <summary>Begins to record. False, with the reason in the status, where the kernel refuses.</summary>
    /// <param name="target">Process whose threads will be looked for among the records.</param>
    public bool TryStart(int target)
    {
        if (!PidNamespace.IsShared(target))
        {
            status.Stopped(
                $"Process {target} has thread ids of its own pid namespace, which the kernel does not use here. "
                + "Remedy: run the collector in that namespace (docker run --pid container:NAME).");
            return false;
        }

        try
        {
            _recording = SchedulerRecording.Open(RingBudget.ForThisMachine());
        }
        catch (KernelAccessException refused)
        {
            status.Stopped($"{refused.Message} Remedy: {refused.Remedy}");
            return false;
        }

        _recording.Enable();
        inbox.Join(Now());
        _reader = new Thread(Read) { Name = "kernel-reader", IsBackground = true };
        _reader.Start();
        // Only the reader can say at which priority it runs.
        _reading.Wait();
        return true;
    }

    /// <summary>Reads what is left and ends.</summary>
    public void Dispose()
    {
        _stopping = true;
        _reader?.Join();
        _recording?.Dispose();
        _reading.Dispose();
    }

    private void Read()
    {
        bool realTime = RealTimePriority.TrySetForCallingThread(priority: 1, out string reason);
        string priority = realTime ? "reader has real-time priority" : $"reader has normal priority: {reason}";
        status.Started(Tiers.Kernel, $"rings of {_recording!.RingBytesPerCpu >> 10} KiB, {priority}");
        _reading.Set();
        var records = new RecordTranslator(status, names);
        while (!_stopping)
        {
            _recording!.Wait(Patience);
            Drain(records);
        }

        // A last time, late enough for the newest records to be visible.
        Drain(records);
        if (!HasUntoldLoss) inbox.Post([], Now());
        inbox.Leave(Now());
        status.Stopped("ended");
    }

    private void Drain(RecordTranslator records)
    {
        Timestamp begun = Now();
        _recording!.Drain(records);
        records.OnMalformed(begun, _recording.MalformedTotal);
        inbox.Post(records.Events, HasUntoldLoss ? Timestamp.Zero : begun - Settling);
        records.Clear();
    }

    /// <summary>
    /// True when the kernel has counted losses that no record has told yet: their place comes with the next record of
    /// that CPU, so nothing may be called complete before.
    /// </summary>
    private bool HasUntoldLoss => _recording!.ReadKernelLostTotal() > _recording.LostTotal;

    private static Timestamp Now() => new(MonotonicClock.NowNanoseconds());
}
