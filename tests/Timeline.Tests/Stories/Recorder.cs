namespace Observatory.Timeline.Tests;

/// <summary>Writes down what a timeline finds out, a line each, in the words of the stories.</summary>
internal sealed class Recorder : ITimelineObserver
{
    private readonly List<string> _lines = [];
    private long[] _counted = [];

    /// <summary>Everything since the last call, counters that moved included.</summary>
    public List<string> TakeLines(TimelineCounters counters)
    {
        long[] counts =
        [
            counters.LateRuntimeEvents + counters.LateSchedulerEvents, counters.ChainBreaks, counters.Contradictions,
            counters.EndsMissing, counters.BeginningsMissing,
        ];
        string[] names = ["late", "broken chain", "contradiction", "end missing", "beginning missing"];
        for (int i = 0; i < counts.Length; i++)
        {
            long before = _counted.Length == 0 ? 0 : _counted[i];
            if (counts[i] > before) _lines.Add(counts[i] == before + 1 ? names[i] : $"{names[i]} x{counts[i] - before}");
        }

        _counted = counts;
        List<string> taken = [.. _lines];
        _lines.Clear();
        return taken;
    }

    public void IterationClosed(in IterationAccount account)
    {
        StateTimes times = account.Times;
        Assert.Equal(account.Wall, times.Total);
        IEnumerable<string> states = StateTimes.States
            .Where(state => times[state] > Duration.Zero)
            .Select(state => $"{state.ToString().ToLowerInvariant()} {times[state].Nanoseconds}");
        string doubt = account.IsComplete ? "" : " (incomplete)";
        _lines.Add($"#{account.Iteration} wall {account.Wall.Nanoseconds} = {string.Join(", ", states)}{doubt}");
    }

    public void RunQueueWaited(Duration wait) => _lines.Add($"waited {wait.Nanoseconds}");

    public void Suspended(Duration suspension) => _lines.Add($"suspended {suspension.Nanoseconds}");
}
