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
            counters.UnseenWakeUps, counters.EndsMissing, counters.BeginningsMissing, counters.IterationsNested, counters.IterationsMoved,
            counters.InferredWakeUps, counters.UnitsUnpaired, counters.UnitsDoubted,
        ];
        string[] names = ["late", "broken chain", "contradiction", "unseen wake-up", "end missing", "beginning missing", "nested", "moved", "inferred wake-up", "unpaired unit", "doubted"];
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

    /// <summary>Writes down what all threads did since the beginning.</summary>
    public void DescribeProcess(Timeline timeline) => Describe("process", timeline.ProcessTimes);

    public void IterationClosed(in UnitAccount account) => Closed("#", account);

    public void UnitClosed(in UnitAccount account)
    {
        Closed("u", account);
        _lines.Add($"work {InWords(account.Details.Work)}");
        _lines.Add($"segments {account.Segments}");
        AwaitedTimes awaited = account.Details.Awaited;
        string parts = string.Join(", ", AwaitedTimes.Kinds.Where(kind => awaited[kind] != Duration.Zero).Select(kind => $"{InWords($"{kind}")} {awaited[kind].Nanoseconds}"));
        _lines.Add(parts.Length > 0 ? $"awaited {parts}" : "awaited nothing");
    }

    private void Closed(string kind, in UnitAccount account)
    {
        StateTimes times = account.Times;
        Assert.Equal(account.Wall, times.Total);
        Assert.Equal(times[AccountState.Blocked], account.Details.Blocked.Total);
        Assert.Equal(times[AccountState.Awaiting], account.Details.Awaited.Total);
        string doubt = account.IsComplete ? "" : " (incomplete)";
        _lines.Add($"{kind}{account.Iteration} wall {account.Wall.Nanoseconds} = {InWords(times)}{doubt}");
        if (!account.IsComplete) _lines.Add($"because {account.Reasons}");
        Describe(account);
    }

    private void Describe(in UnitAccount account)
    {
        UnitDetails details = account.Details;
        string doubt = details.IsComplete ? "" : " (incomplete)";
        _lines.Add($"switches {details.VoluntarySwitches} voluntary, {details.InvoluntarySwitches} involuntary, " +
            $"{details.Migrations} migrations{doubt}");
        _lines.Add($"faults {details.MinorFaults} minor, {details.MajorFaults} major, " +
            $"pool {details.PoolMinorFaults} minor, {details.PoolMajorFaults} major");
        Describe("pool", details.Pool);
        Describe(details.Blocked);
    }

    private void Describe(BlockedAccount blocked)
    {
        foreach (BlockedShare share in blocked.Shares.OrderBy(share => share.Cause))
        {
            string waker = share.Cause == BlockedFor.Interrupt ? "" : $" of {share.Waker}";
            string via = share.Via.Count == 0 ? "" : $" via {string.Join(" ", share.Via)}";
            string whose = share is { Cause: BlockedFor.Asynchronous, IsAsked: true } ? " for itself" : "";
            _lines.Add($"blocked {share.Time.Nanoseconds} {InWords($"{share.Cause}")}{waker}{via}{whose}");
        }

        long unexplained = blocked[BlockedFor.Unexplained].Nanoseconds;
        if (unexplained > 0) _lines.Add($"blocked {unexplained} unexplained");
    }

    /// <summary>A line for each role that spent time, and one for the number of threads.</summary>
    private void Describe(string what, PoolAccount pool)
    {
        foreach (ThreadRole role in Enum.GetValues<ThreadRole>())
        {
            if (pool[role].Total > Duration.Zero) _lines.Add($"{what} {InWords($"{role}")} {InWords(pool[role])}");
        }

        _lines.Add($"{what} threads {pool.Threads}");
    }

    private static string InWords(string name) => name.ToLowerInvariant();

    private static string InWords(StateTimes times) => string.Join(", ", StateTimes.UnitStates
        .Where(state => times[state] != Duration.Zero)
        .Select(state => $"{InWords($"{state}")} {times[state].Nanoseconds}"));

    public void RunQueueWaited(ReadOnlySpan<Duration> waits)
    {
        foreach (Duration wait in waits) _lines.Add($"waited {wait.Nanoseconds}");
    }

    public void PreemptedBy(ReadOnlySpan<CpuHold> holds)
    {
        foreach (CpuHold hold in holds)
            _lines.Add($"preemptor {hold.Holder} {hold.Time.Nanoseconds}{(hold.Elsewhere > 0 ? $" elsewhere {hold.Elsewhere}" : "")}");
    }

    public void Suspended(in Suspension suspension)
    {
        _lines.Add($"suspended {suspension.Time.Nanoseconds}");
        if (suspension.Reached is not { } reached) return;
        string last = suspension.Last == TimelineEvent.UnknownThread ? "unknown" : $"t{suspension.Last}";
        _lines.Add($"stopped {(reached - suspension.Began).Nanoseconds}, last {last}");
    }
}
