namespace Observatory.Timeline;

/// <summary>Reports how long a thread waited for a CPU, each time it got one.</summary>
internal sealed class RunQueueWaits(ITimelineObserver observer) : ISliceConsumer
{
    /// <summary>True for a slice in which a thread waited for the CPU it has now.</summary>
    public static bool IsWait(in Slice slice) =>
        slice is { Next: ThreadState.Running, State: ThreadState.Preempted or ThreadState.Waking };

    /// <inheritdoc />
    public void Closed(in Slice slice)
    {
        if (IsWait(slice)) observer.RunQueueWaited(slice.To - slice.From);
    }
}
