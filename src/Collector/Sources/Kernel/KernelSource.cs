using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Context switches and, where rights allow, wake-ups of every CPU, read on a thread of its own.</summary>
/// <param name="inbox">Where its events go.</param>
/// <param name="status">How it is doing.</param>
/// <param name="names">Learns names.</param>
/// <param name="pauses">Says when it pauses; null for never.</param>
internal sealed class KernelSource(Inbox inbox, SourceStatus status, ThreadNames names, ObservationPauses? pauses = null) : IDisposable
{
    /// <summary>
    /// A record carries the time at which its event began; it is visible in the ring a little later, much later when the
    /// hypervisor takes the CPU away in between. So a drain is called complete only up to this long before it began.
    /// </summary>
    private static readonly Duration Settling = Duration.FromMilliseconds(20);

    /// <summary>The record that tells of a new thread may be lost, and so may that of a thread's end.</summary>
    private static readonly Duration RefreshInterval = Duration.FromMilliseconds(1000);

    private readonly Rhythm _rhythm = new();
    private readonly ManualResetEventSlim _reading = new();
    private OpenRecording? _open;
    private ISchedulerRecording[] _recordings = [];
    private IReadOnlyList<ThreadInfo> _present = [];
    private Thread? _reader;
    private Timestamp _refreshed;
    private Timestamp _completeTo;
    private volatile bool _stopping;

    /// <summary>Opens what is recorded of a process; throws <see cref="KernelAccessException"/> where the kernel refuses.</summary>
    public Func<int, KernelTier?, OpenRecording> Opener { get; init; } = RecordingOpener.Open;

    private ISchedulerRecording Recording => _open!.Recording;

    private IReadOnlyList<RecordedThread> RecordedThreads => Recording is ThreadRecording threads ? threads.Threads : [];

    /// <summary>Begins to record. False, with the reason in the status, where the kernel refuses.</summary>
    /// <param name="target">Process whose threads will be looked for among the records.</param>
    /// <param name="tier">The only tier that will do; null for the best there is.</param>
    /// <param name="threadEnded">Told of the end of each thread of the target, on the reader's thread.</param>
    public bool TryStart(int target, KernelTier? tier, Action<int, Timestamp> threadEnded)
    {
        if (tier == KernelTier.None) return Refuse("not wanted (--tier none)");
        if (tier == KernelTier.ProcFs) return TryTotals(target, "as asked");
        try
        {
            _open = Opener(target, tier);
            _recordings = [.. _open.All];
        }
        catch (KernelAccessException refused)
        {
            string reason = $"{refused.Message} Remedy: {refused.Remedy}";
            return tier is null ? TryTotals(target, $"tier thread: {reason}") : Refuse(reason);
        }

        _completeTo = Now();
        inbox.Join(_completeTo);
        Introduce(target, at: Now());
        _reader = new Thread(() => ReadToTheEnd(target, threadEnded)) { Name = "kernel-reader", IsBackground = true };
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
        _open?.Dispose();
        if (status.IsUp) status.Stopped("ended");
        _reading.Dispose();
    }

    /// <param name="target">The process.</param>
    /// <param name="at">Before its threads are looked at: what the kernel tells of them later is newer.</param>
    private void Introduce(int target, Timestamp at)
    {
        _present = ThreadDirectory.Read(target);
        inbox.Post([.. ThreadRoles.Introduce(target, _present, at)], Timestamp.Zero);
    }

    /// <summary>
    /// Records nothing: what the kernel counts for the driving thread comes with the thread's own events. That the kernel
    /// counts is seen from the outside.
    /// </summary>
    private bool TryTotals(int target, string why)
    {
        if (!ThreadSchedule.TryRead(target, target, out _))
            return Refuse($"{why}; tier procfs: /proc/{target}/task/{target}/schedstat cannot be read");
        status.Started(Tiers.ProcFs, $"{why}; accounts come from the target's own counters, where it tells them");
        return true;
    }

    private bool Refuse(string reason)
    {
        status.Stopped(reason);
        return false;
    }

    private void ReadToTheEnd(int target, Action<int, Timestamp> threadEnded)
    {
        try
        {
            Read(target, threadEnded);
        }
#pragma warning disable CA1031 // The thread's edge: it is reported, and the accounts go on without this source.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            status.Failed(failure);
        }

        _reading.Set();
        // Not from now on: what happened since it was complete was not read, or its loss was not told.
        inbox.Leave(_completeTo);
        if (status.Failure is null) status.Stopped("ended");
    }

    private void Read(int target, Action<int, Timestamp> threadEnded)
    {
        bool realTime = RealTimePriority.TrySetForCallingThread(priority: 1, out string reason);
        string priority = realTime ? "reader has real-time priority" : $"reader has normal priority: {reason}";
        status.Started(_open!.Tier, $"{_open.Detail}, {priority}");
        _reading.Set();
        RecordTranslator records = _open.IsPerThread
            ? new ThreadRecordTranslator(target, status, names, Post, RecordedThreads) { ThreadEnded = threadEnded }
            : new RecordTranslator(target, status, names, Post) { ThreadEnded = threadEnded };
        foreach (ThreadInfo thread in _present) records.Know(thread.ThreadId);
        ObservationPauses? turns = _open.IsPerThread ? null : pauses;
        turns?.Begin(Now());
        while (!_stopping)
        {
            // A thread that begins is recorded from the next look on.
            TimeSpan patience = _open.IsPerThread ? Rhythm.Shortest : _rhythm.Pause;
            RecordingWait.ForAny(_recordings, turns?.Limit(patience, Now()) ?? patience);
            Drain(records);
            turns?.Look(Now(), () => Pause(records), () => Resume(target, records));
        }

        turns?.End();

        // A last time, late enough for the newest records to be visible.
        if (!Drain(records)) return;
        _completeTo = Now();
        inbox.Post([], _completeTo);
    }

    /// <returns>False when something is missing of which the place is not known yet.</returns>
    private bool Drain(RecordTranslator records)
    {
        Timestamp begun = Now();
        // Looked at before anything is called complete: a CPU that came online has run threads that nothing recorded.
        if (!_open!.IsPerThread) LookForCpus(records);
        _rhythm.Found(_recordings.Sum(recording => recording.Drain(records)));
        // They may be newer than the beginning of the drain.
        records.OnMalformed(Now(), _recordings.Sum(recording => recording.MalformedTotal));
        if (records.HasNewThreads || begun > _refreshed + RefreshInterval) Refresh(records);

        // The place of a loss that is not told yet comes with the next record of its ring.
        bool isComplete = !Recording.HasUntoldLoss && records.IsSettled(begun - Settling);
        if (isComplete) _completeTo = Timestamp.Later(_completeTo, begun - Settling);
        inbox.Post(records.Events, isComplete ? _completeTo : Timestamp.Zero);
        records.Clear();
        return isComplete;
    }

    /// <returns>From when on nothing is recorded for certain.</returns>
    private Timestamp Pause(RecordTranslator records)
    {
        // Told before anything later is called complete.
        records.OnPaused(Now());
        foreach (ISchedulerRecording recording in _recordings) recording.Disable();
        Timestamp since = Now();
        Drain(records);
        return since;
    }

    /// <returns>From when on everything is recorded again.</returns>
    private Timestamp Resume(int target, RecordTranslator records)
    {
        foreach (ISchedulerRecording recording in _recordings) recording.Enable();
        Timestamp at = Now();
        // Told before any record of what comes next.
        records.OnResumed(at);
        Post(records.Events);
        records.Clear();
        // A thread that sleeps through is not unknown until it wakes. A moment later, so that it is not part of the pause.
        Introduce(target, new Timestamp(at.Nanoseconds + 1));
        foreach (ThreadInfo thread in _present) records.Know(thread.ThreadId);
        return at;
    }

    /// <summary>A CPU that came has run threads unrecorded; one whose ring the kernel refuses does so until it is granted.</summary>
    private void LookForCpus(RecordTranslator records)
    {
        if (Recording.Refresh()) records.OnUnrecorded(Now());
    }

    /// <summary>Ring by ring, so that a burst on many CPUs is never held twice.</summary>
    private void Post(EventRun events) => inbox.Post(events, Timestamp.Zero);

    private void Refresh(RecordTranslator records)
    {
        if (_open!.IsPerThread) Recording.Refresh();
        else LookForCpus(records);
        _open.Faults?.Refresh();
        status.Unrecorded = _recordings.Sum(recording => recording.Unrecorded);
        _refreshed = Now();
        records.OnRefreshed(_refreshed, RecordedThreads);
    }

    private static Timestamp Now() => new(MonotonicClock.NowNanoseconds());
}
