namespace Observatory.Timeline;

/// <summary>
/// The iterations that are open, one a thread at most, charged with the slices of the threads that drive them; and the
/// count of those that cannot be closed.
/// </summary>
internal sealed class IterationLedger(AccountClock clock, LossState loss, TimelineCounters counters) : ISliceConsumer
{
    private readonly Dictionary<int, OpenIteration> _open = [];

    /// <summary>Iterations that are open.</summary>
    public IReadOnlyCollection<OpenIteration> Open => _open.Values;

    /// <summary>The iteration a thread has open.</summary>
    public OpenIteration? Find(int thread) => _open.GetValueOrDefault(thread);

    /// <summary>Opens an iteration. One that the thread still has open has lost its end.</summary>
    public void Begin(in TimelineEvent began, PoolWindow pool)
    {
        if (_open.Remove(began.Thread)) counters.EndsMissing++;
        _open[began.Thread] = new OpenIteration(began, clock, new OpenDetails(pool, loss.IsNone), loss.RuntimeReasons);
    }

    /// <summary>Closes the iteration of a thread; null when it is not the one that ends.</summary>
    public IterationAccount? End(in TimelineEvent ended, ThreadTrack? track, Pool pool)
    {
        if (!_open.Remove(ended.Thread, out OpenIteration? iteration))
        {
            counters.BeginningsMissing++;
            return null;
        }

        if (iteration.Iteration != ended.Iteration)
        {
            counters.EndsMissing++;
            counters.BeginningsMissing++;
            return null;
        }

        if (track is not null) iteration.Charge(track.State, track.CountedSince, clock.Counted, track.UnknownBecause);
        IterationAccount account = iteration.Close(ended, clock, pool.Close(iteration.Details.Pool));
        counters.IterationsClosed++;
        if (!account.IsComplete) counters.IterationsIncomplete++;
        return account;
    }

    /// <inheritdoc />
    public void Closed(in Slice slice)
    {
        if (slice.IsFlawed) MarkDetailsIncomplete();
        if (Find(slice.Thread.Id) is not { } iteration) return;
        iteration.Charge(slice.State, slice.CountedFrom, slice.CountedTo, slice.Reasons);
        iteration.Details.Count(slice);
        if (slice.IsFlawed) iteration.MarkIncomplete(slice.Reasons);
    }

    /// <summary>A thread of the process touched pages that were not mapped.</summary>
    public void CountFaults(in TimelineEvent faults)
    {
        foreach ((int thread, OpenIteration iteration) in _open)
        {
            if (faults.Happened >= iteration.Began) iteration.Details.CountFaults(faults, thread == faults.Thread);
        }
    }

    /// <summary>What the thread had open will not end.</summary>
    public void Gone(ThreadTrack thread)
    {
        if (_open.Remove(thread.Id)) counters.EndsMissing++;
    }

    /// <summary>Something is missing that may concern every iteration.</summary>
    public void MarkAllIncomplete(IncompleteReasons why)
    {
        foreach (OpenIteration iteration in _open.Values) iteration.MarkIncomplete(why);
    }

    /// <summary>Something is missing from a scope that may concern every iteration it touches.</summary>
    public void MarkIncomplete(LossScope scope, IncompleteReasons why)
    {
        if (!scope.IsThread) MarkAllIncomplete(why);
        else Find(scope.ThreadId)?.MarkIncomplete(why);
    }

    /// <summary>Something is missing that may concern the details of every iteration, not the split.</summary>
    public void MarkDetailsIncomplete()
    {
        foreach (OpenIteration iteration in _open.Values) iteration.Details.MarkIncomplete();
    }

    /// <summary>The recording is over: what is open will not end.</summary>
    public void AbandonAll()
    {
        counters.EndsMissing += _open.Count;
        _open.Clear();
    }
}
