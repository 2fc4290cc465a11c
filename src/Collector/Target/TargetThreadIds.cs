using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>
/// Which thread of ours a target means by a thread id. Its runtime numbers threads as its own pid namespace does; all
/// other sources number them as ours.
/// </summary>
/// <remarks>Not thread-safe: for the thread that reads the runtime's events.</remarks>
internal sealed class TargetThreadIds
{
    /// <summary>Far from every id that there is, so that nothing that happens to another thread is taken for this one.</summary>
    private const int Nobody = int.MinValue;

    private readonly bool _isShared;
    private readonly Func<IReadOnlyDictionary<int, int>> _read;
    private readonly Dictionary<int, int> _ours = [];

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
    /// has: what it did is then unknown, not somebody else's.
    /// </summary>
    public int OursOf(int thread)
    {
        if (_isShared) return thread;
        return _ours.TryGetValue(thread, out int ours) ? ours : LookUp(thread);
    }

    private int LookUp(int thread)
    {
        // Afresh, not added to: an id that has ended may come again and mean another thread.
        _ours.Clear();
        foreach ((int theirs, int ours) in _read()) _ours.Add(theirs, ours);
        _ours.TryAdd(thread, Nobody + thread);
        return _ours[thread];
    }
}
