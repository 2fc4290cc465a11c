using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Which configuration runs at the present place of the event stream.</summary>
/// <remarks>With several driving threads it is that of the iteration which began last and has not ended.</remarks>
internal sealed class RunningConfiguration
{
    /// <summary>More driving threads than any workload has; beyond, ends were missed.</summary>
    private const int Most = 1_000;

    private readonly List<(int Thread, long Configuration)> _open = [];

    /// <summary>Index of the configuration; null between iterations.</summary>
    public long? Current => _open.Count > 0 ? _open[^1].Configuration : null;

    /// <summary>Takes the next event of the stream, of any kind.</summary>
    public void Observe(in TimelineEvent happened)
    {
        switch (happened.Kind)
        {
            case EventKind.IterationBegan:
                End(happened.Thread);
                if (_open.Count >= Most) _open.Clear();
                _open.Add((happened.Thread, happened.Configuration));
                break;
            case EventKind.IterationEnded:
                End(happened.Thread);
                break;
            case EventKind.LossEnded:
                Forget();
                break;
        }
    }

    /// <summary>Events are missing: what was open may have ended meanwhile.</summary>
    public void Forget() => _open.Clear();

    private void End(int thread)
    {
        for (int at = 0; at < _open.Count; at++)
        {
            if (_open[at].Thread != thread) continue;
            _open.RemoveAt(at);
            return;
        }
    }
}
