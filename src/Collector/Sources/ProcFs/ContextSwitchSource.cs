using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>Context switches of the target, from /proc.</summary>
/// <remarks>
/// A thread takes its counts with it when it ends, so it looks every second and adds differences up thread by thread;
/// what a thread did between the last look and its end is not in the total.
/// </remarks>
internal sealed class ContextSwitchSource(int process, SourceStatus status) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly Lock _entry = new();
    private readonly SourceStatus.Counter _reads = status.CounterOf("thread_status");
    private Dictionary<int, ThreadSwitchCount> _last = [];
    private bool _isOver;

    /// <summary>Switches by which a thread gave its CPU up.</summary>
    public long Voluntary { get; private set; }

    /// <summary>Switches by which a thread lost its CPU.</summary>
    public long Involuntary { get; private set; }

    /// <summary>True once a look has succeeded; before, there is nothing to show.</summary>
    public bool HasLooked { get; private set; }

    /// <summary>Looks every second once the looks begin.</summary>
    public void Begin(TargetLooks looks) => 
        looks.Every(() => Interval, Look, "context switches of the target's threads are not counted any more", status.Failed);

    /// <summary>Looks no more; the totals stay.</summary>
    public void Dispose()
    {
        lock (_entry) _isOver = true;
    }

    /// <summary>Looks at every thread of the target.</summary>
    public void Look()
    {
        lock (_entry)
        {
            if (_isOver) return;
            IReadOnlyList<ThreadSwitchCount> counts = ContextSwitchCounts.Read(process);
            if (counts.Count == 0)
            {
                status.Stopped($"process {process} has no threads in /proc");
                return;
            }

            status.Started(Tiers.ProcFs, "context switches of the target's threads");
            var seen = new Dictionary<int, ThreadSwitchCount>(counts.Count);
            foreach (ThreadSwitchCount count in counts) Add(count, seen);
            _last = seen;
            HasLooked = true;
        }
    }

    private void Add(ThreadSwitchCount count, Dictionary<int, ThreadSwitchCount> seen)
    {
        _reads.Increment();
        seen[count.ThreadId] = count;
        // A lower count than before belongs to a new thread that was given the same id.
        ThreadSwitchCount before =
            _last.TryGetValue(count.ThreadId, out ThreadSwitchCount last) && last.Voluntary <= count.Voluntary
                ? last
                : default;
        Voluntary += count.Voluntary - before.Voluntary;
        Involuntary += Math.Max(0, count.Involuntary - before.Involuntary);
    }
}
