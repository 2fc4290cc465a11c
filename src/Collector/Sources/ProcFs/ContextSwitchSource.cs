using Observatory.Kernel;

namespace Observatory.Collector.Sources.ProcFs;

/// <summary>Context switches of the target since it was first looked at, from /proc. Read when somebody asks.</summary>
/// <remarks>
/// A thread takes its counts with it when it ends, so differences are added up thread by thread; what a thread did
/// between the last look and its end is not in the total. The pump of metrics looks at every scrape.
/// </remarks>
internal sealed class ContextSwitchSource(int process, SourceStatus status)
{
    private readonly Lock _entry = new();
    private readonly SourceStatus.Counter _reads = status.CounterOf("thread_status");
    private Dictionary<int, ThreadSwitchCount> _last = [];

    /// <summary>Switches by which a thread gave its CPU up.</summary>
    public long Voluntary { get; private set; }

    /// <summary>Switches by which a thread lost its CPU.</summary>
    public long Involuntary { get; private set; }

    /// <summary>True once a look has succeeded; before, there is nothing to show.</summary>
    public bool HasLooked { get; private set; }

    /// <summary>Looks at every thread of the target.</summary>
    public void Look()
    {
        lock (_entry)
        {
            IReadOnlyList<ThreadSwitchCount> counts = ContextSwitchCounts.Read(process);
            if (counts.Count == 0)
            {
                status.Stopped("the target has ended");
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
