using System.Buffers.Binary;
using Microsoft.Diagnostics.Tracing.Parsers.Clr;
using Microsoft.Diagnostics.Tracing;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Waits for locks. A thread waits for one at a time.</summary>
/// <param name="handler">Told of each that ends.</param>
/// <param name="workOf">The request that a thread of the target works on at a time; null for none.</param>
internal sealed class ContentionDecoder(IRuntimeEventHandler handler, Func<int, Timestamp, RequestName?>? workOf = null) : IEventDecoder
{
    private readonly OpenSpans<int, LockWait> _waits = new();

    public void Subscribe(EventStream stream)
    {
        stream.Clr.ContentionStart += stream.Then<ContentionStartTraceData>((began, at) =>
            _waits.Begin(began.ThreadID, at, Began(began.ThreadID, (int)began.LockOwnerThreadID, at)));
        stream.Clr.ContentionStop += stream.Then<ContentionStopTraceData>((ended, at) =>
        {
            if (_waits.TryEnd(ended.ThreadID, at, out Duration wait, out LockWait began)) handler.Contended(began with { Ended = at, Time = wait });
        });
    }

    public void Forget() => _waits.Clear();

    // Now: when the wait ends, the thread that held the lock may be with another request.
    private LockWait Began(int thread, int owner, Timestamp at) => new(thread, owner, at, Duration.Zero)
    {
        Request = workOf?.Invoke(thread, at),
        Holder = owner > 0 ? workOf?.Invoke(owner, at) : null,
    };
}

/// <summary>A wait for a managed lock that has ended.</summary>
/// <param name="Thread">Kernel id of the thread that waited, in the target's own pid namespace.</param>
/// <param name="Owner">Kernel id of the thread that held the lock when the wait began; 0 where that is not known.</param>
/// <param name="Ended">When it got the lock.</param>
/// <param name="Time">How long it waited.</param>
internal readonly record struct LockWait(int Thread, int Owner, Timestamp Ended, Duration Time)
{
    /// <summary>The request that waited; null where the thread worked on none.</summary>
    public RequestName? Request { get; init; }

    /// <summary>The request for which the lock was held; null where the thread that held it worked on none.</summary>
    public RequestName? Holder { get; init; }
}

/// <summary>Waits for handles and monitors. A thread has one at a time.</summary>
internal sealed class WaitDecoder(IRuntimeEventHandler handler) : IEventDecoder
{
    private readonly OpenSpans<int, string> _waits = new();

    public void Subscribe(EventStream stream)
    {
        stream.Clr.WaitHandleWaitStart += stream.Then<WaitHandleWaitStartTraceData>((began, at) =>
            _waits.Begin(began.ThreadID, at, KindOf(began.WaitSource)));
        stream.Clr.WaitHandleWaitStop += stream.Then<WaitHandleWaitStopTraceData>((ended, at) =>
        {
            if (_waits.TryEnd(ended.ThreadID, at, out Duration wait, out string kind)) handler.Waited(kind, wait);
        });
    }

    public void Forget() => _waits.Clear();

    private static string KindOf(WaitHandleWaitSource source) => source == WaitHandleWaitSource.MonitorWait ? "monitor" : "handle";
}

/// <summary>Workers of the thread pool.</summary>
internal sealed class PoolDecoder(IRuntimeEventHandler handler) : IEventDecoder
{
    public void Subscribe(EventStream stream)
    {
        stream.Clr.ThreadPoolWorkerThreadStart += stream.Then<ThreadPoolWorkerThreadTraceData>((counted, _) => handler.WorkersCounted(counted.ActiveWorkerThreadCount));
        stream.Clr.ThreadPoolWorkerThreadStop += stream.Then<ThreadPoolWorkerThreadTraceData>((counted, _) => handler.WorkersCounted(counted.ActiveWorkerThreadCount));
        stream.Clr.ThreadPoolWorkerThreadAdjustmentAdjustment += stream.Then<ThreadPoolWorkerThreadAdjustmentTraceData>((adjusted, at) =>
        {
            handler.WorkersAdjusted(adjusted.NewWorkerThreadCount, LabelText.From(adjusted.Reason));
            if (adjusted.Reason == ThreadAdjustmentReason.Starvation) handler.PoolStarved(at);
        });
    }
}

/// <summary>Work items of the thread pool.</summary>
/// <remarks>
/// An item's only name is its address, which a collection may change and give to another. So no item is followed across
/// a collection: one that waited that long counts as taken, without a delay.
/// </remarks>
/// <param name="handler">Told of each that is taken.</param>
/// <param name="taken">Told by which thread of the target, when, and after how long in the queue, where that is known; null where it is not wanted.</param>
internal sealed class QueueDecoder(IRuntimeEventHandler handler, Action<int, Timestamp, Duration?>? taken = null) : IEventDecoder
{
    private const int Queued = 30;
    private const int Taken = 31;
    private readonly OpenSpans<long, bool> _queued = new();

    public void Subscribe(EventStream stream)
    {
        stream.AddUnnamed(GroupEvents.FrameworkProvider, Read);
        stream.Clr.GCStart += stream.Then<GCStartTraceData>((_, _) => Forget());
    }

    public void Forget() => _queued.Clear();

    private void Read(TraceEvent happened, Timestamp at)
    {
        // Both carry the item's address and nothing else.
        if (!BinaryPrimitives.TryReadInt64LittleEndian(happened.EventData(), out long item)) return;
        if ((int)happened.ID == Queued) _queued.Begin(item, at, true);
        else if ((int)happened.ID == Taken) Take(item, happened.ThreadID, at);
    }

    private void Take(long item, int thread, Timestamp at)
    {
        Duration? delay = _queued.TryEnd(item, at, out Duration queued, out _) ? queued : null;
        handler.WorkItemTaken(delay);
        taken?.Invoke(thread, at, delay);
    }
}

/// <summary>Managed threads, told by themselves when they begin.</summary>
internal sealed class ThreadDecoder(IRuntimeEventHandler handler) : IEventDecoder
{
    public void Subscribe(EventStream stream) => stream.Clr.AppDomainResourceManagementThreadCreated +=
        stream.Then<ThreadCreatedTraceData>((created, _) => handler.ThreadCreated(created.OSThreadID));
}
