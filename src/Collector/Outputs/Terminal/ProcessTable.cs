using System.Globalization;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>The target as a whole, in lines of text: its threads by role and state, waits for a CPU, suspensions.</summary>
internal static class ProcessTable
{
    /// <summary>The lines; one that says so where no thread was seen.</summary>
    public static IReadOnlyList<string> Lines(ProcessRow process)
    {
        ThreadRole[] roles = [.. DetailTotals.Roles.Where(role => process.Pool[role].Total > Duration.Zero)];
        List<string> lines = [$"process: up to {ForPeople.Count(process.Pool.Threads, "thread")}, {Seconds(process.Pool.Wall)} s observed"];
        if (roles.Length > 0 && StateTimes.States.Any(process.Measures))
        {
            lines.Add(Line("thread s", state => Names.State(state)));
            lines.AddRange(roles.Select(role => Line(Names.Role(role), state => Cell(process, process.Pool[role], state))));
            lines.Add(Line("all", state => Cell(process, process.Pool.Total, state)));
        }

        if (process.HasWaits)
            lines.Add($"run queue: {ForPeople.Count(process.Waits, "wait")}, p50 {Micro(process.WaitMedian)}, p99 {Micro(process.WaitP99)}, longest {Micro(process.WaitLongest)}");
        if (process.HasSuspensions)
            lines.Add($"suspensions: {process.Suspensions}, {Seconds(process.Suspended)} s, longest {Micro(process.SuspensionLongest)}");
        return lines;
    }

    /// <summary>What its threads waited for, the most important first.</summary>
    public static IEnumerable<string> CauseLines(WhyReport why)
    {
        if (why.Process is not { Causes.Count: > 0 } process) yield break;
        yield return "what all its threads waited for, in thread time and as a share of the time observed:";
        foreach (CauseLine line in process.Causes.Take(8))
        {
            yield return $"  {line.Sentence}";
            if (line.Advice is not null && line.Share >= 0.05) yield return $"         -> {line.Advice}";
        }

        if (process.LockWaits > 0) yield return $"  {ForPeople.Count(process.LockWaits, "wait")} for managed locks";
        foreach ((string type, long count) in process.Exceptions) yield return $"  {ForPeople.Count(count, "exception")} {type}";
    }

    private static string Line(string head, Func<AccountState, string> cell) =>
        head.PadRight(9) + string.Concat(StateTimes.States.Select(state => cell(state).PadLeft(12)));

    private static string Cell(ProcessRow process, in StateTimes times, AccountState state) =>
        process.Measures(state) ? Seconds(times[state]) : "n/a";

    private static string Seconds(Duration time) => time.Seconds.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Micro(Duration time) =>
        CauseText.Time(time.Nanoseconds);
}

/// <summary>What is said in place of a table that would be empty.</summary>
internal static class NoIterations
{
    private const string Unmarked =
        "No iterations: the process marks none (no Observatory-Workload events), so only the process as a whole can be accounted for. How to mark iterations: docs/attach.md";

    private const string Unended = "No iterations: the process marks them, but none began and ended while it was observed.";

    /// <summary>Writes what each source saw, and why there is no account.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="sources">Every source.</param>
    /// <param name="process">The target as a whole.</param>
    /// <param name="why">What its threads waited for.</param>
    /// <param name="isMarked">Whether the process was seen to keep the contract.</param>
    public static void Write(TextWriter output, IReadOnlyList<SourceStatus> sources, ProcessRow process, bool isMarked, WhyReport why)
    {
        output.WriteLine(Header.Sources(sources));
        foreach (string trouble in Header.Troubles(sources)) output.WriteLine(trouble);
        foreach (string line in ProcessTable.Lines(process).Concat(ProcessTable.CauseLines(why))) output.WriteLine(line);
        output.WriteLine(isMarked ? Unended : Unmarked);
    }
}
