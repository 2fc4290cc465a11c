using System.Collections.Concurrent;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// Which thread of ours a target means by a thread id. Its runtime numbers threads as its own pid namespace does; all
/// other sources number them as ours.
/// </summary>
/// <remarks>
/// Asked by the thread that reads the runtime's events, which come up to seconds late; told of ends by the one that reads
/// the kernel's. So an end does not take an id away, it limits it: later events of the same id are another thread's.
/// </remarks>
internal sealed class TargetThreadIds
{
    /// <summary>Far above every id that there is (2^22), so that nothing that happens to another thread is taken for this one.</summary>
    private const int FirstUnknown = 1 << 29;

    /// <summary>Ends that are kept. After so many the ids are read anew, which none of them concerns.</summary>
    internal const int MostEnds = 16_384;

    private readonly bool _isShared;
    private readonly Func<IReadOnlyDictionary<int, int>> _read;
    private readonly Dictionary<int, int> _ours = [];
    private readonly ConcurrentDictionary<int, Timestamp> _ended = [];
    private volatile bool _isStale;
    private int _ends;

    /// <param name="process">The target, by its id in our namespace.</param>
    public TargetThreadIds(int process)
        : this(PidNamespace.IsShared(process), () => NamespaceThreadIds.Read(process))
    {
    }

    /// <param name="isShared">Whether both count threads alike.</param>
    /// <param name="read">The ids of the threads there are now, ours by the target's.</param>
    internal TargetThreadIds(bool isShared, Func<IReadOnlyDictionary<int, int>> read)
    {
        _isShared = isShared;
        _read = read;
    }

    /// <summary>
    /// Our id for a thread of the target. One that has ended before it was first asked for gets an id that no thread
    /// has: what it did is then unknown, and not another thread's.
    /// </summary>
    /// <param name="thread">The target's own id.</param>
    /// <param name="at">When the thread did what it is asked for.</param>
    public int OursOf(int thread, Timestamp at)
    {
        if (_isShared) return thread;
        if (!_isStale && _ours.TryGetValue(thread, out int ours) && !(_ended.TryGetValue(ours, out Timestamp end) && at > end)) return ours;
        return LookUp(thread);
    }

    /// <summary>True for an id that stands for a thread that was gone before it could be looked up.</summary>
    public static bool IsUnknown(int ours) => ours >= FirstUnknown;

    /// <summary>A thread ended. For the thread that reads the kernel's records.</summary>
    /// <param name="ours">Its id, ours.</param>
    /// <param name="at">When.</param>
    public void End(int ours, Timestamp at)
    {
        if (_isShared || _isStale) return;
        _ended[ours] = at;
        if (++_ends >= MostEnds) _isStale = true;
    }

    /// <summary>Ends that are kept now.</summary>
    internal int KeptEnds => _ended.Count;

    private int LookUp(int thread)
    {
        // Afresh, not added to: an id that has ended may come again and mean another thread.
        _ours.Clear();
        _ended.Clear();
        _ends = 0;
        _isStale = false;
        foreach ((int theirs, int ours) in _read()) _ours.Add(theirs, ours);
        _ours.TryAdd(thread, FirstUnknown + thread);
        return _ours[thread];
    }
}
