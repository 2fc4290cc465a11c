using Observatory.Study;

namespace Observatory.Workload;

/// <summary>Which samples ran one after the other.</summary>
internal sealed class VisitLog
{
    private readonly LinkedList<Visit> _visits = new();
    private bool _begins = true;

    public IReadOnlyList<Visit> All => [.. _visits];

    public void Begin() => _begins = true;

    /// <summary>Adds a sample to the newest visit, or makes it the first of a new one.</summary>
    /// <param name="at">When the sample began, in nanoseconds since the sweep began.</param>
    /// <param name="iteration">Its number in the process.</param>
    public void Add(long at, long iteration)
    {
        if (_begins) _visits.AddLast(new Visit(at, 0) { FirstIteration = iteration });
        _begins = false;
        Visit newest = _visits.Last!.Value;
        _visits.Last.Value = newest with { Samples = newest.Samples + 1 };
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
