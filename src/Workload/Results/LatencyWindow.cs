using Observatory.Study;

namespace Observatory.Workload;

/// <summary>One iteration as it was measured.</summary>
/// <param name="Iteration">Its number in the process, as observers know it.</param>
/// <param name="Nanoseconds">How long it took.</param>
/// <param name="Disturbances">What came between, of the kinds that were watched.</param>
/// <param name="AllocatedBytes">Managed memory that was allocated between the marks, by its own thread.</param>
internal readonly record struct Sample(long Iteration, long Nanoseconds, Disturbances Disturbances, long AllocatedBytes);

/// <summary>
/// Latencies of one configuration: count, minimum and maximum over all, percentiles and samples of the newest, so that a sweep stays
/// within two megabytes per configuration.
/// </summary>
/// <param name="capacity">Samples that are kept.</param>
internal sealed class LatencyWindow(int capacity = LatencyWindow.Capacity)
{
    /// <summary>Where samples are what is wanted: results and statistics of a sweep that ends.</summary>
    public const int Capacity = 1 << 16;

    /// <summary>
    /// Of a sweep that neither ends nor writes them, for its percentiles: a window that takes hours to fill would look like a
    /// leak in a soak test.
    /// </summary>
    public const int OfEndless = 1 << 12;

    private readonly Queue<Sample> _newest = new();
    private readonly VisitLog _visits = new();
    private long _least = long.MaxValue;
    private long _most;
    private long _elsewhere;

    public long Count { get; private set; }

    /// <summary>Most managed bytes that an iteration allocated; null while there was none.</summary>
    public long? MostAllocated { get; private set; }

    /// <summary>Older latencies that were not kept, and are in no other file.</summary>
    public long Dropped => Count - _elsewhere - _newest.Count;

    /// <summary>So many more latencies would not push the oldest out.</summary>
    public bool HasRoomFor(int more) => _newest.Count <= capacity - more;

    /// <summary>The newest, the oldest of them first.</summary>
    public IReadOnlyList<Sample> Samples => [.. _newest];

    /// <summary>How the newest fall into visits.</summary>
    public IReadOnlyList<Visit> Visits => _visits.All;

    /// <summary>The next latency is the first of a visit.</summary>
    public void BeginVisit() => _visits.Begin();

    /// <param name="sample">One iteration.</param>
    /// <param name="at">When it began, in nanoseconds since the sweep began.</param>
    public void Add(Sample sample, long at)
    {
        if (_newest.Count == capacity)
        {
            _newest.Dequeue();
            _visits.DropOldest();
        }

        _newest.Enqueue(sample);
        _visits.Add(at, sample.Iteration);
        Count++;
        _least = Math.Min(_least, sample.Nanoseconds);
        _most = Math.Max(_most, sample.Nanoseconds);
        MostAllocated = Math.Max(MostAllocated ?? 0, sample.AllocatedBytes);
    }

    /// <summary>Takes over what an earlier run measured. Its iterations have no numbers in this process.</summary>
    public void Restore(MeasuredConfiguration earlier)
    {
        int index = 0;
        foreach (Visit visit in earlier.Visits ?? [new Visit(0, earlier.DurationNs.Count)])
        {
            BeginVisit();
            for (int n = 0; n < visit.Samples; n++, index++)
            {
                Disturbances flags = earlier.DisturbancesOf(index);
                Add(new Sample(Iteration: 0, earlier.DurationNs[index], flags, earlier.MostAllocatedBytes ?? 0), visit.AtNs);
            }
        }

        Count += earlier.DroppedSamples ?? 0;
    }

    /// <summary>The samples are in a file that is complete now: memory is for those that come.</summary>
    public void Clear()
    {
        _elsewhere += _newest.Count;
        _newest.Clear();
        _visits.Clear();
    }

    /// <summary>Null while there is no latency.</summary>
    public LatencySummary? Summarize()
    {
        if (_newest.Count == 0) return null;
        long[] sorted = [.. _newest.Select(sample => sample.Nanoseconds).Order()];
        return new LatencySummary(
            NearestRank(sorted, 0.50) / 1e9, NearestRank(sorted, 0.95) / 1e9, _least / 1e9, _most / 1e9);
    }

    /// <summary>The smallest value that at least this share of all values do not exceed.</summary>
    private static long NearestRank(long[] sorted, double share) =>
        sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
}

/// <summary>Which samples ran one after the other.</summary>
internal sealed class VisitLog
{
    private readonly LinkedList<Visit> _visits = new();
    private bool _begins = true;

    public IReadOnlyList<Visit> All => [.. _visits];

    public void Begin() => _begins = true;

    /// <summary>Adds a sample to the newest visit, or makes it the first of a new one.</summary>
    /// <param name="at">When the sample began, in nanoseconds since the sweep began.</param>
    /// <param name="iteration">Its number in the process; 0: it has none.</param>
    public void Add(long at, long iteration)
    {
        if (_begins) _visits.AddLast(new Visit(at, 0) { FirstIteration = iteration > 0 ? iteration : null });
        _begins = false;
        Visit newest = _visits.Last!.Value;
        _visits.Last.Value = newest with { Samples = newest.Samples + 1 };
    }

    public void Clear()
    {
        _visits.Clear();
        _begins = true;
    }

    /// <summary>Takes away the oldest sample; the visit keeps the time it began.</summary>
    public void DropOldest()
    {
        Visit oldest = _visits.First!.Value;
        if (oldest.Samples == 1) _visits.RemoveFirst();
        else _visits.First.Value = oldest with
        {
            Samples = oldest.Samples - 1, FirstIteration = oldest.FirstIteration + 1,
        };
        if (_visits.Count == 0) _begins = true;
    }
}

/// <summary>Durations of iterations in seconds; percentiles by nearest rank.</summary>
internal sealed record LatencySummary(double P50, double P95, double Min, double Max);
