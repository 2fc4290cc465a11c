namespace Observatory.Collector;

/// <summary>The answer in one line: the cause with the largest share of the time that was lost, or that nothing stands out.</summary>
/// <remarks>
/// The observer's own share is judged apart from its start, and what is done elsewhere is the answer only where nothing here
/// is. Where no unit has ended, it is what the process's threads waited for.
/// </remarks>
internal static class WhyVerdict
{
    /// <summary>The observer's start passes: less of it is told, but is not the answer.</summary>
    private const double LeastStart = 0.2;

    /// <summary>With fewer units, or less of their time, after the observer's start, its cost is judged by all units.</summary>
    private const int LeastAfterStart = 30;

    private const long LeastWallAfterStart = 1_000_000_000;

    /// <param name="all">Causes of all units' time.</param>
    /// <param name="found">What was found.</param>
    /// <param name="process">Of the whole process; null where only units were recorded.</param>
    /// <returns>The line, and the cause that it names.</returns>
    public static (string Text, CauseKind? Cause) From(CauseTimes all, CauseSnapshot found, ProcessCauses? process)
    {
        if (all.Total == 0) return OfProcess(process);
        long[] times = all.ByKind();
        // Spread over a start that takes seconds, what the observer costs all the time would be thinned out.
        double observer = Math.Max((double)times[(int)CauseKind.Observer] / all.Total, ObserverAfterStart(found));
        (CauseKind kind, double share) = Cause.Kinds.Select(kind => (Kind: kind, Share: kind == CauseKind.Observer ? observer : (double)times[(int)kind] / all.Total))
            .Where(one => !new Cause(one.Kind).IsOwnWork && one.Kind != CauseKind.Awaiting && one.Share >= LeastOf(one.Kind))
            .DefaultIfEmpty().MaxBy(one => one.Share);
        if (share > 0)
        {
            bool later = kind == CauseKind.Observer && share > (double)times[(int)kind] / all.Total;
            string bound = all.Ranked.Where(pair => pair.Key.Kind == kind).All(pair => pair.Key.IsBound) ? "At most " : "";
            return ($"{bound}{CauseText.Percent(share)} of wall time{(later ? " after its start" : "")} {Name(kind, times[(int)kind], all, found.Limits)}", kind);
        }

        // What is done elsewhere is the answer only where nothing here is.
        double awaiting = (double)times[(int)CauseKind.Awaiting] / all.Total;
        if (awaiting >= WhyReport.LeastShare)
            return ($"{CauseText.Percent(awaiting)} of wall time {Name(CauseKind.Awaiting, times[(int)CauseKind.Awaiting], all, found.Limits)}", CauseKind.Awaiting);
        long own = all.Ranked.Where(pair => pair.Key.IsOwnWork).Sum(pair => pair.Value);
        double start = (double)times[(int)CauseKind.ObserverStart] / all.Total;
        string apart = start >= WhyReport.LeastShare ? $"; {CauseText.Percent(start)} went to this observer's start, which it does once" : "";
        return ($"Nothing stands out: {CauseText.Percent((double)own / all.Total)} of wall time is the program's own work{Delegated(all)}{apart}", null);
    }

    private static double LeastOf(CauseKind kind) => kind == CauseKind.ObserverStart ? LeastStart : WhyReport.LeastShare;

    /// <summary>The observer's share of the units after its start; 0 where they are too few.</summary>
    private static double ObserverAfterStart(CauseSnapshot found)
    {
        long units = found.Units.Sum(one => one.AfterStart.Units);
        long wall = found.Units.Sum(one => one.AfterStart.Wall);
        return units < LeastAfterStart || wall < LeastWallAfterStart ? 0 : (double)found.Units.Sum(one => one.AfterStart.Observer) / wall;
    }

    /// <summary>Which other thread of the program did the work, where one did most of it.</summary>
    private static string Delegated(CauseTimes all) =>
        WhyReport.Grouped(all).FirstOrDefault(one => one.Cause.Kind == CauseKind.Workers) is { Time: > 0 } first && first.Time >= all.Total / 2 && first.Cause.By.Length > 0
            ? $", {CauseText.Percent((double)first.Time / all.Total)} of it by {first.Cause.By}, which it waited for"
            : "";

    /// <summary>The kind in words; where several share in it, those that took most, each with its share of wall time.</summary>
    private static string Name(CauseKind kind, long whole, CauseTimes all, TargetLimits limits)
    {
        (Cause Cause, int Others, long Time)[] parts = [.. WhyReport.Grouped(all).Where(one => one.Cause.Kind == kind)];
        (Cause first, int others, long time) = parts[0];
        string text = CauseText.Describe(first, limits, others);
        if (time >= whole * 0.9) return text;
        (Cause Cause, int Others, double Share)[] shares = [.. parts.Select(one => (one.Cause, one.Others, (double)one.Time / all.Total))];
        if (kind is CauseKind.Neighbour or CauseKind.Priority) return CauseText.DescribeHolders(kind, shares.Take(3), limits);
        // Of one thread, or one generation, only the details differ, which the lines below tell.
        bool isOfOne = parts.All(one => one.Cause.By == first.By);
        string common = CauseText.Describe(new Cause(kind, isOfOne ? first.By : ""), limits);
        return isOfOne && !first.IsOfStop ? common : $"{common}; the largest part, {CauseText.Percent(shares[0].Share)}, {text}";
    }

    private static (string Text, CauseKind? Cause) OfProcess(ProcessCauses? process)
    {
        if (process is null) return ("No unit has ended yet", null);
        CauseLine? first = process.Causes.FirstOrDefault(line => line.Share >= LeastOf(Cause.Parse(line.Cause) ?? CauseKind.Unknown));
        return first is null
            ? ("No unit of work has ended, and no wait of its threads stands out", null)
            : ($"No unit of work has ended; its threads spent {CauseText.Time(first.Seconds * 1e9)} {first.What}", Cause.Parse(first.Cause));
    }
}
