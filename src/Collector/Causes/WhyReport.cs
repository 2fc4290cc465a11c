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
        (string verdict, CauseKind? cause) = WhyVerdict.From(all, found, process);
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
    internal static IEnumerable<(Cause Cause, int Others, long Time)> Grouped(CauseTimes times) => times.Ranked
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
            text.AppendLine(CultureInfo.InvariantCulture, $"Where the wall time of {ForPeople.Count(Units, "unit")} went ({CauseText.Time(WallSeconds * 1e9)}):");
            Write(text, Causes);
        }

        if (Process is { Causes.Count: > 0 })
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"What all threads of the process waited for in {CauseText.Time(Process.ObservedSeconds * 1e9)} (thread time):");
            Write(text, Process.Causes);
            if (Process.LockWaits > 0) text.AppendLine(CultureInfo.InvariantCulture, $"  {ForPeople.Count(Process.LockWaits, "wait")} for managed locks").AppendLine();
            foreach ((string type, long count) in Process.Exceptions) text.AppendLine(CultureInfo.InvariantCulture, $"  {ForPeople.Count(count, "exception")} {type}");
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
                $"It may use {limits.Scheduling.AllowedCpus} of {limits.OnlineCpus} CPUs {(limits.QuotaCpus is { } cpus ? $"with a quota of {cpus:0.##} CPUs" : "without a quota")}, and runs {limits.Scheduling.InWords}."));
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, UseStringEnumConverter = true,
    // What answers on a port may be another program.
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(WhyReport))]
internal sealed partial class WhyJsonContext : JsonSerializerContext;
