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
        List<string> lines = [$"process: up to {process.Pool.Threads} threads, {Seconds(process.Pool.Wall)} s observed"];
        if (roles.Length > 0 && StateTimes.States.Any(process.Measures))
        {
            lines.Add(Line("thread s", state => StateNames.Of(state)));
            lines.AddRange(roles.Select(role => Line(RoleNames.Of(role), state => Cell(process, process.Pool[role], state))));
            lines.Add(Line("all", state => Cell(process, process.Pool.Total, state)));
        }

        if (process.HasWaits)
            lines.Add($"run queue: {process.Waits} waits, p50 {Micro(process.WaitMedian)}, p99 {Micro(process.WaitP99)}, longest {Micro(process.WaitLongest)}");
        if (process.HasSuspensions)
            lines.Add($"suspensions: {process.Suspensions}, {Seconds(process.Suspended)} s, longest {Micro(process.SuspensionLongest)}");
        return lines;
    }

    private static string Line(string head, Func<AccountState, string> cell) =>
        head.PadRight(9) + string.Concat(StateTimes.States.Select(state => cell(state).PadLeft(12)));

    private static string Cell(ProcessRow process, in StateTimes times, AccountState state) =>
        process.Measures(state) ? Seconds(times[state]) : "n/a";

    private static string Seconds(Duration time) => time.Seconds.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Micro(Duration time) =>
        (time.Nanoseconds / 1e3).ToString("0.0", CultureInfo.InvariantCulture) + " us";
}
