namespace Observatory.Timeline;

/// <summary>The iterations that are open, one a thread at most, and the count of those that cannot be closed.</summary>
internal sealed class IterationLedger(TimelineCounters counters)
{
    private readonly Dictionary<int, OpenIteration> _open = [];

    /// <summary>Open iterations by thread.</summary>
    public IReadOnlyDictionary<int, OpenIteration> Open => _open;

    /// <summary>Opens an iteration. One that the thread still has open has lost its end.</summary>
    public void Begin(in TimelineEvent began)
    {
        if (_open.Remove(began.Thread)) counters.EndsMissing++;
        _open[began.Thread] =
            new OpenIteration(began.Thread, began.Iteration, began.Configuration, began.Happened, began.At);
    }

    /// <summary>Closes the thread's iteration; null when it is not the one that ends.</summary>
    public IterationAccount? End(in TimelineEvent ended)
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

        IterationAccount account = iteration.Close(ended.Happened, late: ended.Late > Duration.Zero);
        counters.IterationsClosed++;
        if (!account.IsComplete) counters.IterationsIncomplete++;
        return account;
    }

    /// <summary>The recording is over: what is open will not end.</summary>
    public void AbandonAll()
    {
        counters.EndsMissing += _open.Count;
        _open.Clear();
    }

    /// <summary>The thread is gone: what it had open will not end.</summary>
    public void Abandon(int thread)
    {
        if (_open.Remove(thread)) counters.EndsMissing++;
    }
}
