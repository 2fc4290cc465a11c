using System.Runtime.InteropServices;

namespace Observatory.Timeline;

/// <summary>A sleep of a driving thread that has not ended yet, and what the other threads have done since.</summary>
/// <param name="iteration">The iteration it lies in.</param>
/// <param name="from">The counted time (see <see cref="AccountClock"/>) at which it began.</param>
internal sealed class Sleep(OpenIteration iteration, Duration from)
{
    private readonly Dictionary<int, StateTimes> _meanwhile = [];

    /// <summary>Threads of which something is kept.</summary>
    public int Count => _meanwhile.Count;

    /// <summary>The iteration it lies in.</summary>
    public OpenIteration Iteration => iteration;

    /// <summary>A slice of another thread ended.</summary>
    public void Follow(in Slice slice)
    {
        if (slice.CountedTo <= from) return;
        ref StateTimes times = ref CollectionsMarshal.GetValueRefOrAddDefault(_meanwhile, slice.Thread.Id, out _);
        times[OpenIteration.Map(slice.State)] += Inside(slice.CountedFrom, slice.CountedTo);
    }

    /// <summary>A thread is gone; its id may be given to another.</summary>
    public void Forget(int thread) => _meanwhile.Remove(thread);

    /// <summary>What a thread has done since the sleep began.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="counted">The counted time now.</param>
    public StateTimes Of(ThreadTrack thread, Duration counted)
    {
        StateTimes times = _meanwhile.GetValueOrDefault(thread.Id);
        times[OpenIteration.Map(thread.State)] += Inside(thread.CountedSince, counted);
        return times;
    }

    private Duration Inside(Duration began, Duration ended) => ended - (began > from ? began : from);
}
