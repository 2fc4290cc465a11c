using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;

namespace Observatory.Collector;

/// <summary>Why it is slow: the causes, ranked, in numbers and in sentences.</summary>
/// <param name="Verdict">The answer in one line.</param>
/// <param name="VerdictCause">The cause that the verdict names; null where nothing stands out.</param>
/// <param name="Units">Units that were looked at.</param>
/// <param name="WallSeconds">Wall time of all of them.</param>
/// <param name="Causes">Causes of all units' wall time, the most important first.</param>
/// <param name="Process">
/// What all threads of the process waited for, also outside units: thread time; null where only units were recorded.
/// </param>
/// <param name="Configurations">The same by configuration, the one with the most time lost first.</param>
/// <param name="Worst">The units that took longest beyond the median of their configuration.</param>
/// <param name="Limits">What the target may use of the machine; null where that was not recorded.</param>
internal sealed record WhyReport(
    string Verdict,
    string? VerdictCause,
    long Units,
    double WallSeconds,
    IReadOnlyList<CauseLine> Causes,
    ProcessCauses? Process,
    IReadOnlyList<ConfigurationWhy> Configurations,
    IReadOnlyList<WorstLine> Worst,
    LimitsLine? Limits)
{
    /// <summary>Less is no answer to a question about slowness.</summary>
    internal const double LeastShare = 0.05;

    /// <summary>The observer's start passes: less of it is told, but is not the answer.</summary>
    private const double LeastStart = 0.2;

    /// <summary>With fewer units, or less of their time, after the observer's start, its cost is judged by all units.</summary>
    private const int LeastAfterStart = 30;

    private const long LeastWallAfterStart = 1_000_000_000;
    private const double LeastLine = 0.005;
    private const int MostWorst = 5;

    /// <summary>Makes the report.</summary>
    /// <param name="found">What was found.</param>
    /// <param name="observedSeconds">How long the process was observed; null for a file, which has units only.</param>
    /// <param name="deep">Also compare slow units with the others, which takes some milliseconds a configuration.</param>
    public static WhyReport Create(CauseSnapshot found, double? observedSeconds, bool deep = true)
    {
        var all = new CauseTimes();
        foreach (ConfigurationCauses one in found.Units) all.Add(one.Times);
        IReadOnlyList<CauseLine> lines = Lines(all, all.Total, found.Limits);
        ProcessCauses? process = observedSeconds is { } seconds
            ? new ProcessCauses(seconds, Lines(found.Process, (long)(seconds * 1e9), found.Limits), found.LockWaits, found.Exceptions)
            : null;
        (string verdict, CauseKind? cause) = Judge(all, found, process);
        return new WhyReport(
            verdict,
            cause is { } kind ? Cause.NameOf(kind) : null,
            found.Units.Sum(one => one.Units),
            all.Total / 1e9,
            lines,
            process,
            [.. found.Units.OrderByDescending(Lost).Select(one => ConfigurationWhy.Create(one, found.Limits, deep))],
            [.. found.Units.SelectMany(Excess).OrderByDescending(pair => pair.Excess).Take(MostWorst).Select(pair => WorstLine.Create(pair.Unit, pair.Excess, found.Limits))],
            LimitsLine.Create(found.Limits));
    }

    /// <summary>Cause lines of some time, the largest first; what is next to nothing has none.</summary>
    public static IReadOnlyList<CauseLine> Lines(CauseTimes times, long whole, TargetLimits limits) =>
        whole <= 0 ? [] :
        [
            .. Grouped(times).Where(group => group.Time >= whole * LeastLine)
                .Select(group => CauseLine.Create(group.Cause, group.Others, group.Time, whole, limits)),
        ];

    /// <summary>Processes of one name are one line, which names the one that took most.</summary>
    private static IEnumerable<(Cause Cause, int Others, long Time)> Grouped(CauseTimes times) => times.Ranked
        .GroupBy(pair => (pair.Key.Kind, pair.Key.By, pair.Key.Detail))
        .Select(group => (group.First().Key, group.Count() - 1, group.Sum(pair => pair.Value)))
        .OrderByDescending(group => group.Item3);

    /// <summary>The whole report as a person would say it.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(Verdict).AppendLine();
        if (Limits is not null) text.AppendLine(Limits.Sentence).AppendLine();
        if (Units > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Where the wall time of {Units:N0} units went ({CauseText.Time(WallSeconds * 1e9)}):");
            Write(text, Causes);
        }

        if (Process is { Causes.Count: > 0 })
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"What all threads of the process waited for in {CauseText.Time(Process.ObservedSeconds * 1e9)} (thread time):");
            Write(text, Process.Causes);
            if (Process.LockWaits > 0) text.AppendLine(CultureInfo.InvariantCulture, $"  {Process.LockWaits:N0} waits for managed locks").AppendLine();
            foreach ((string type, long count) in Process.Exceptions) text.AppendLine(CultureInfo.InvariantCulture, $"  {count:N0} exceptions {type}");
        }

        foreach (ConfigurationWhy configuration in Configurations.Take(5)) configuration.Write(text);
        if (Worst.Count > 0) text.AppendLine("The worst units, by how much longer than the median of their kind they took:");
        foreach (WorstLine worst in Worst) text.AppendLine($"  {worst.Sentence}");
        return text.ToString().TrimEnd();
    }

    internal static void Write(StringBuilder text, IEnumerable<CauseLine> lines)
    {
        foreach (CauseLine line in lines)
        {
            text.AppendLine($"  {line.Sentence}");
            if (line.Advice is not null && line.Share >= LeastShare) text.AppendLine($"         -> {line.Advice}");
        }

        text.AppendLine();
    }

    private static (string Text, CauseKind? Cause) Judge(CauseTimes all, CauseSnapshot found, ProcessCauses? process)
    {
        if (all.Total == 0) return JudgeProcess(process);
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
        if (awaiting >= LeastShare)
            return ($"{CauseText.Percent(awaiting)} of wall time {CauseText.Describe(new Cause(CauseKind.Awaiting), found.Limits)}", CauseKind.Awaiting);
        long own = all.Ranked.Where(pair => pair.Key.IsOwnWork).Sum(pair => pair.Value);
        double start = (double)times[(int)CauseKind.ObserverStart] / all.Total;
        string apart = start >= LeastShare ? $"; {CauseText.Percent(start)} went to this observer's start, which it does once" : "";
        return ($"Nothing stands out: {CauseText.Percent((double)own / all.Total)} of wall time is the program's own work{Delegated(all)}{apart}", null);
    }

    private static double LeastOf(CauseKind kind) => kind == CauseKind.ObserverStart ? LeastStart : LeastShare;

    /// <summary>The observer's share of the units after its start; 0 where they are too few.</summary>
    private static double ObserverAfterStart(CauseSnapshot found)
    {
        long units = found.Units.Sum(one => one.AfterStart.Units);
        long wall = found.Units.Sum(one => one.AfterStart.Wall);
        return units < LeastAfterStart || wall < LeastWallAfterStart ? 0 : (double)found.Units.Sum(one => one.AfterStart.Observer) / wall;
    }

    /// <summary>Which other thread of the program did the work, where one did most of it.</summary>
    private static string Delegated(CauseTimes all) =>
        Grouped(all).FirstOrDefault(one => one.Cause.Kind == CauseKind.Workers) is { Time: > 0 } first && first.Time >= all.Total / 2 && first.Cause.By.Length > 0
            ? $", {CauseText.Percent((double)first.Time / all.Total)} of it by {first.Cause.By}, which it waited for"
            : "";

    /// <summary>The kind in words; where several share in it, those that took most, each with its share of wall time.</summary>
    private static string Name(CauseKind kind, long whole, CauseTimes all, TargetLimits limits)
    {
        (Cause Cause, int Others, long Time)[] parts = [.. Grouped(all).Where(one => one.Cause.Kind == kind)];
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

    private static (string Text, CauseKind? Cause) JudgeProcess(ProcessCauses? process)
    {
        if (process is null) return ("No unit has ended yet", null);
        CauseLine? first = process.Causes.FirstOrDefault(line => line.Share >= LeastOf(Cause.Parse(line.Cause) ?? CauseKind.Unknown));
        return first is null
            ? ("No unit of work has ended, and no wait of its threads stands out", null)
            : ($"No unit of work has ended; its threads spent {CauseText.Time(first.Seconds * 1e9)} {first.What}", Cause.Parse(first.Cause));
    }

    private static long Lost(ConfigurationCauses one) => one.Times.Ranked.Where(pair => !pair.Key.IsOwnWork).Sum(pair => pair.Value);

    private static IEnumerable<(WorstUnit Unit, long Excess)> Excess(ConfigurationCauses one)
    {
        long[] walls = [.. one.Samples.Select(sample => sample.Wall).Order()];
        long median = walls.Length == 0 ? 0 : walls[walls.Length / 2];
        return one.Worst.Where(unit => unit.Wall > median).Select(unit => (unit, unit.Wall - median));
    }
}

/// <summary>One cause.</summary>
/// <param name="Cause">Its kind.</param>
/// <param name="By">The process or thread to blame; null where there is none.</param>
/// <param name="Pid">Process id, of several the one that took most; null where it is not known or there is none.</param>
/// <param name="Seconds">Its time.</param>
/// <param name="Share">Its part of the whole, 0 to 1; thread time may be more than the time observed.</param>
/// <param name="AtMost">True where time and share are no more than bounds: a counter of the machine or of a control group says no more.</param>
/// <param name="Detail">Through which threads it came, or what goes with it; null where there is nothing to add.</param>
/// <param name="What">What happened, in words.</param>
/// <param name="Sentence">Share, time and what happened.</param>
/// <param name="Advice">What to do; null where there is nothing to be done.</param>
internal sealed record CauseLine(
    string Cause, string? By, int? Pid, double Seconds, double Share, bool AtMost, string? Detail, string What, string Sentence, string? Advice)
{
    public static CauseLine Create(Cause cause, int others, long nanoseconds, long whole, TargetLimits limits)
    {
        double share = (double)nanoseconds / whole;
        string what = CauseText.Describe(cause, limits, others);
        return new CauseLine(
            Collector.Cause.NameOf(cause.Kind),
            cause.By.Length > 0 ? cause.By : null,
            cause.Pid > 0 ? cause.Pid : null,
            nanoseconds / 1e9,
            share,
            cause.IsBound,
            cause.Detail.Length > 0 ? cause.Detail : null,
            what,
            $"{CauseText.Percent(share),6}  {CauseText.Time(nanoseconds),8}  {CauseText.Bound(cause)}{what}",
            CauseText.Advise(cause, limits));
    }
}

/// <summary>What all threads waited for.</summary>
internal sealed record ProcessCauses(
    double ObservedSeconds, IReadOnlyList<CauseLine> Causes, long LockWaits, IReadOnlyDictionary<string, long> Exceptions);

/// <summary>A unit that took long.</summary>
internal sealed record WorstLine(
    string Unit, long Iteration, int Thread, long BeganNs, double Seconds, IReadOnlyList<CauseLine> Causes, string Sentence)
{
    public static WorstLine Create(WorstUnit unit, long excess, TargetLimits limits)
    {
        IReadOnlyList<CauseLine> lines = WhyReport.Lines(unit.Causes, unit.Wall, limits);
        string parts = string.Join("; ", lines.Take(3).Select(line => $"{(line.AtMost ? "at most " : "")}{CauseText.Percent(line.Share)} {line.What}"));
        return new WorstLine(
            unit.Unit, unit.Iteration, unit.Thread, unit.Began.Nanoseconds, unit.Wall / 1e9, lines,
            string.Create(CultureInfo.InvariantCulture, $"{unit.Unit} number {unit.Iteration}: {CauseText.Time(unit.Wall)}, {CauseText.Time(excess)} more than the median: {parts}"));
    }
}

/// <summary>What the target may use of the machine.</summary>
internal sealed record LimitsLine(int Nice, string Class, int AllowedCpus, int OnlineCpus, double? QuotaCpus, string Sentence)
{
    public static LimitsLine? Create(TargetLimits limits) => limits.OnlineCpus == 0
        ? null
        : new LimitsLine(
            limits.Scheduling.Nice, limits.Scheduling.PolicyName, limits.Scheduling.AllowedCpus, limits.OnlineCpus, limits.QuotaCpus,
            string.Create(
                CultureInfo.InvariantCulture,
                $"It may use {limits.Scheduling.AllowedCpus} of {limits.OnlineCpus} CPUs, {(limits.QuotaCpus is { } cpus ? $"a quota of {cpus:0.##} CPUs" : "without a quota")}, at nice {limits.Scheduling.Nice}, class {limits.Scheduling.PolicyName}."));
}

/// <summary>The causes of one configuration.</summary>
/// <param name="Name">The configuration.</param>
/// <param name="Units">How many ended.</param>
/// <param name="WallSeconds">Their wall time.</param>
/// <param name="Causes">Ranked.</param>
/// <param name="WithoutCpuSeconds">
/// Preempted and waking time by cause: who had the CPU, and <c>throttled</c>, where the quota was used up; empty where there is none.
/// </param>
/// <param name="SlowAgainstOthers">Slow units against the others; null where it was not asked for.</param>
/// <param name="WithoutCause">Latency without the largest causes.</param>
internal sealed record ConfigurationWhy(
    string Name,
    long Units,
    double WallSeconds,
    IReadOnlyList<CauseLine> Causes,
    IReadOnlyDictionary<string, double> WithoutCpuSeconds,
    SlowUnits? SlowAgainstOthers,
    IReadOnlyList<WhatIf> WithoutCause)
{
    private const double LeastWaited = 0.05;
    private const double LeastWhatIf = 0.02;
    private const int MostWhatIf = 2;

    public static ConfigurationWhy Create(ConfigurationCauses found, TargetLimits limits, bool deep)
    {
        long whole = found.Times.Total;
        IEnumerable<CauseKind> largest = found.Times.Ranked
            .Where(pair => !pair.Key.IsOwnWork && pair.Key.Kind != CauseKind.Unknown)
            .GroupBy(pair => pair.Key.Kind)
            .Select(group => (Kind: group.Key, Time: group.Sum(pair => pair.Value)))
            .Where(one => one.Time >= whole * LeastWhatIf)
            .OrderByDescending(one => one.Time)
            .Take(MostWhatIf)
            .Select(one => one.Kind);
        return new ConfigurationWhy(
            found.Name,
            found.Units,
            whole / 1e9,
            WhyReport.Lines(found.Times, whole, limits),
            found.WithoutCpu.Seconds(),
            deep ? SlowUnits.Compare(found.Samples) : null,
            deep ? [.. largest.Select(kind => SlowUnits.Without(kind, found.Samples))] : []);
    }

    public void Write(StringBuilder text)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"{Name}: {Units:N0} units, {CauseText.Time(WallSeconds * 1e9)}");
        foreach (CauseLine line in Causes.Take(5)) text.AppendLine($"  {line.Sentence}");
        double waited = WithoutCpuSeconds.Values.Sum();
        if (waited >= WallSeconds * LeastWaited)
        {
            string by = string.Join(", ", WithoutCpuSeconds.OrderByDescending(one => one.Value).Take(4).Select(one => $"{one.Key} {CauseText.Percent(one.Value / waited)}"));
            text.AppendLine($"  preempted or waking for {CauseText.Time(waited * 1e9)}: {by}");
        }

        if (SlowAgainstOthers is { Abstained: { } why }) text.AppendLine($"  slow units: nothing is said, {why}");
        if (SlowAgainstOthers is { Abstained: null } slow)
        {
            string causes = string.Join(", ", slow.Causes.Take(3).Select(cause =>
                $"{Cause.NameOf(cause.Kind)} {CauseText.Time(cause.Difference)} ({CauseText.Time(cause.Low)} to {CauseText.Time(cause.High)})"));
            text.AppendLine(CultureInfo.InvariantCulture, $"  {slow.Slow} slow units take {CauseText.Time(slow.SlowMean - slow.BodyMean)} longer than the other {slow.Body}: {causes}; {CauseText.Percent(slow.Explained)} of it explained");
        }

        foreach (WhatIf one in WithoutCause)
        {
            if (one is not { MedianWithout: { } median, P95Without: { } p95 })
            {
                text.AppendLine($"  without {Cause.NameOf(one.Kind)}: nothing is said, {one.Abstained}");
                continue;
            }

            text.AppendLine($"  without {Cause.NameOf(one.Kind)}: median {CauseText.Time(one.Median)} -> {CauseText.Time(median.Value)} "
                + $"({CauseText.Time(median.Low)} to {CauseText.Time(median.High)}), p95 {CauseText.Time(one.P95)} -> {CauseText.Time(p95.Value)} "
                + $"({CauseText.Time(p95.Low)} to {CauseText.Time(p95.High)})");
        }

        text.AppendLine();
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(WhyReport))]
internal sealed partial class WhyJsonContext : JsonSerializerContext;
