using System.Globalization;

namespace Observatory.Soak;

/// <summary>Something that must not grow. A growth counts when it is certain and large enough to matter: both.</summary>
/// <param name="Name">As in metrics.</param>
/// <param name="Title">For people.</param>
/// <param name="Unit">Of the values.</param>
/// <param name="Values">The series.</param>
/// <param name="Limits">What matters.</param>
internal sealed record GrowthCriterion(
    string Name, string Title, string Unit, Func<IReadOnlyList<SoakSample>, IEnumerable<(DateTimeOffset At, double Value)>> Values, GrowthLimits Limits)
{
    private const double Megabyte = 1e6;
    private const string OfCollector = "collector_memory";

    /// <summary>What full collections cover of a series to speak for it. Beyond the last of them nothing is known to live.</summary>
    private const double Covering = 0.75;

    /// <summary>What is rarer, in a series that does not grow, is certain.</summary>
    /// <remarks>
    /// One criterion alone fails the run, so what has to stay rare is any false one among them: the criteria share the chance, each of these
    /// and that of the configurations (Bonferroni).
    /// </remarks>
    public static double Certain => Trend.Outside / (All.Count + 1);

    private static readonly GrowthLimits s_memory = new(PerHour: 0.5, Rise: 1, Step: 10);

    /// <summary>The collector's own tables are bounded, and take hours to fill: causes, names of threads, the newest of everything.</summary>
    private static readonly GrowthLimits s_own = s_memory with { Rise = 10 };

    private static readonly GrowthLimits s_count = new(PerHour: 6, Rise: 5, Step: 10);

    public static readonly IReadOnlyList<GrowthCriterion> All =
    [
        new("latency", "latency", "%", RelativeLatency.OfAll, GrowthLimits.Latency) { IsFloor = false },
        Memory("target_memory", "resident memory of the target", sample => sample.TargetResident) with
        {
            Alive = samples => Known(samples, sample => sample.FullFloor is null ? null : sample.TargetResident, Megabyte),
        },
        Memory("target_managed_memory", "managed memory of the target", sample => sample.ManagedFloor) with
        {
            Alive = samples => Known(samples, sample => sample.FullFloor, Megabyte),
        },
        new("target_native_memory", "native memory of the target", "MB", NativeOf, s_memory)
        {
            Alive = samples => IsCommittedTold(samples) ? null : Known(samples, sample => sample.TargetResident - sample.FullFloor, Megabyte),
        },
        Count("target_handles", "open files of the target", sample => sample.TargetHandles),
        Count("target_threads", "threads of the target", sample => sample.TargetThreads),
        Memory(OfCollector, "resident memory of the collector", sample => sample.CollectorResident) with
        {
            Limits = s_own,
            Alive = samples => Known(samples, sample => sample.CollectorAlive, Megabyte),
        },
        Count("collector_handles", "open files of the collector", sample => sample.CollectorHandles),
        Count("collector_threads", "threads of the collector", sample => sample.CollectorThreads),
    ];

    /// <summary>True for the least of a stretch of time, false for its median.</summary>
    public bool IsFloor { get; init; } = true;

    /// <summary>
    /// Those values in which there is no garbage; null where there never is any. Garbage of the oldest generation gathers for as long as an
    /// hour and goes at once: until it has gone, it looks like a leak.
    /// </summary>
    public Func<IReadOnlyList<SoakSample>, IEnumerable<(DateTimeOffset At, double Value)>?> Alive { get; init; } = _ => null;

    /// <summary>Null where nothing of the kind was seen.</summary>
    public SoakFinding? Judge(SoakPlan plan, IReadOnlyList<SoakSample> samples)
    {
        Point[] all = PointsOf(plan, Values(samples));
        if (all.Length == 0) return null;
        if (Alive(samples) is not { } living) return Finding(plan, samples, all, Find(all));
        Point[] alive = PointsOf(plan, living);
        bool isCovered = alive.Length > 0 && alive[^1].Hours - alive[0].Hours >= Covering * (all[^1].Hours - all[0].Hours);
        if (isCovered && Find(alive) is { } known) return Finding(plan, samples, alive, known);
        // What does not grow with its garbage does not grow without it; the reverse is not known.
        Growth? found = Find(all);
        return found is null or { Outcome: SoakOutcome.Holds } ? Finding(plan, samples, all, found) : Unclear(found, Growth.CountWarm(plan, samples, alive), samples.Any(sample => sample.ManagedFloor is not null));

        Growth? Find(Point[] points) => Growth.Find(plan, samples, points, Limits, IsFloor, Certain);
    }

    private SoakFinding Unclear(Growth growth, int full, bool anyOfTarget)
    {
        string seen = $"{full} full {(full == 1 ? "collection was" : "collections were")} seen after the warm-up";
        string remedy = Name == OfCollector ? "a longer run has them" : anyOfTarget ? "--full-collections" : "--full-collections; none of any kind was told, see --runtime-events";
        return new SoakFinding(
            Name, SoakOutcome.Inconclusive, $"{Title}: {growth.Numbers(Unit)}, garbage included: {seen}, {Trend.Least} all along would tell what is alive ({remedy})") { Unit = Unit }.With(growth.Trend);
    }

    private SoakFinding Finding(SoakPlan plan, IReadOnlyList<SoakSample> samples, Point[] points, Growth? found)
    {
        if (found is not { } growth) return new SoakFinding(Name, SoakOutcome.Inconclusive, $"{Title}: {Growth.WhyNone(plan, samples, points, IsFloor)}");
        string verb = growth.Outcome != SoakOutcome.Fails ? ":" : Name == "latency" ? " slows:" : " grows:";
        return growth.Rise is { } rise
            ? new SoakFinding(Name, SoakOutcome.Fails, $"{Title} rose {rise.Text(plan, Unit)}") { Unit = Unit, ChangedAt = rise.At(plan) }.With(growth.Trend)
            : new SoakFinding(Name, growth.Outcome, $"{Title}{verb} {growth.Numbers(Unit)}{growth.WhatWouldTell}") { Unit = Unit }.With(growth.Trend);
    }

    private static Point[] PointsOf(SoakPlan plan, IEnumerable<(DateTimeOffset At, double Value)> values) =>
        [.. values.Select(value => new Point((value.At - plan.Began).TotalHours, value.Value))];

    private static GrowthCriterion Memory(string name, string title, Func<SoakSample, long?> bytes) =>
        new(name, title, "MB", samples => Known(samples, bytes, Megabyte), s_memory);

    /// <summary>Resident memory less what the garbage collector has from the system, its garbage included; less the managed heap where the runtime does not report that.</summary>
    private static IEnumerable<(DateTimeOffset At, double Value)> NativeOf(IReadOnlyList<SoakSample> samples) => IsCommittedTold(samples)
        ? Known(samples, sample => sample.TargetResident - sample.TargetCommitted, Megabyte)
        : Known(samples, sample => sample.TargetResident - sample.ManagedFloor, Megabyte);

    private static bool IsCommittedTold(IReadOnlyList<SoakSample> samples) => samples.Any(sample => sample.TargetCommitted is not null);

    private static GrowthCriterion Count(string name, string title, Func<SoakSample, long?> count) =>
        new(name, title, "", samples => Known(samples, count, 1), s_count);

    private static IEnumerable<(DateTimeOffset At, double Value)> Known(IReadOnlyList<SoakSample> samples, Func<SoakSample, long?> value, double unit) =>
        samples.Select(sample => (sample.At, Value: value(sample) / unit)).Where(pair => pair.Value is not null).Select(pair => (pair.At, pair.Value!.Value));
}

/// <summary>Growth that matters.</summary>
/// <param name="PerHour">The slowest.</param>
/// <param name="Rise">The smallest over the run.</param>
/// <param name="Step">The smallest at once.</param>
internal sealed record GrowthLimits(double PerHour, double Rise, double Step)
{
    /// <summary>Percent.</summary>
    public static readonly GrowthLimits Latency = new(PerHour: 0.5, Rise: 1, Step: 5);
}

/// <summary>Whether and how a series grew after its warm-up.</summary>
/// <param name="Trend">As a line.</param>
/// <param name="Rise">As one sudden change, where that explains it clearly better.</param>
/// <param name="Outcome">What that comes to.</param>
internal sealed record Growth(Trend Trend, Step? Rise, SoakOutcome Outcome)
{
    /// <summary>
    /// A tenth of the run. Every program grows when it begins, by caches, compiled code, pools: for that a tenth of an hour is too little. Latency
    /// has settled by then, and each minute counts for how small a slow-down is found.
    /// </summary>
    private static TimeSpan WarmUp(SoakPlan plan, TimeSpan run, bool floor) =>
        !floor || run * 0.1 > plan.ShortestTrend / 2 ? run * 0.1 : plan.ShortestTrend / 2;

    private const double MuchLess = 0.8;

    /// <summary>How often as much is seen, in one of the two ways, in a series that does not grow.</summary>
    public double Chance => Math.Min(1, 2 * (Rise?.Chance ?? Trend.Chance));

    /// <summary>What would lead to an answer, where there is none.</summary>
    public string WhatWouldTell => Outcome == SoakOutcome.Inconclusive ? "; a longer or quieter run would tell" : "";

    /// <summary>Null where the values are too few, or cover too little time; <see cref="WhyNone"/> says which.</summary>
    /// <param name="plan">What was meant.</param>
    /// <param name="samples">The whole run.</param>
    /// <param name="points">The series.</param>
    /// <param name="limits">What matters.</param>
    /// <param name="floor">True for the least of a stretch of time, false for its median.</param>
    /// <param name="chance">What is rarer, in a series that does not grow, is certain.</param>
    public static Growth? Find(
        SoakPlan plan, IReadOnlyList<SoakSample> samples, Point[] points, GrowthLimits limits, bool floor, double chance)
    {
        Point[] warm = Warm(plan, samples, points, floor);
        if (Covered(warm) < plan.ShortestTrend || Trend.Find(warm, floor) is not { } trend) return null;
        // Looked for only where something may have grown: a step is one way to grow.
        bool mayGrow = trend.High >= limits.PerHour;
        if (mayGrow && RiseOf(warm, trend, limits, floor, chance) is { } rise) return new Growth(trend, rise, SoakOutcome.Fails);
        bool grows = trend.Chance < chance && trend.PerHour >= limits.PerHour && trend.PerHour * trend.Hours >= limits.Rise;
        return new Growth(
            trend, null, grows ? SoakOutcome.Fails : !mayGrow || trend.High * trend.Hours < limits.Rise ? SoakOutcome.Holds : SoakOutcome.Inconclusive);
    }

    /// <summary>Why there is no growth to tell of, and what would change that.</summary>
    public static string WhyNone(SoakPlan plan, IReadOnlyList<SoakSample> samples, Point[] points, bool floor)
    {
        Point[] warm = Warm(plan, samples, points, floor);
        return warm.Length < Trend.Least
            ? Text($"{warm.Length} {(warm.Length == 1 ? "value" : "values")} after the warm-up, a trend needs {Trend.Least}: a longer run, or a shorter --interval")
            : Text($"too short, {Length(Covered(warm))} after the warm-up; a trend needs {Length(plan.ShortestTrend)} (--shortest-trend): a run of {Length(plan.ShortestTrend * 1.5)}");
    }

    /// <summary>How many values of memory there are after the warm-up.</summary>
    public static int CountWarm(SoakPlan plan, IReadOnlyList<SoakSample> samples, Point[] points) => Warm(plan, samples, points, floor: true).Length;

    /// <summary>The slope with its interval, and what it comes to over the run.</summary>
    public string Numbers(string unit) => Text(
        $"{Trend.PerHour:0.##} {unit} an hour (99 %: {Trend.Low:0.##} to {Trend.High:0.##}), {Trend.PerHour * Trend.Hours:0.##} {unit} in {Length(TimeSpan.FromHours(Trend.Hours))}").Replace("  ", " ", StringComparison.Ordinal);

    /// <summary>The growth as one sudden change, where that leaves clearly less unexplained than a line does.</summary>
    private static Step? RiseOf(Point[] points, Trend trend, GrowthLimits limits, bool floor, double chance)
    {
        if (Step.Find(points, floor) is not { } step || step.Change < limits.Step || step.Chance >= chance) return null;
        double beside = Unexplained(points, point => point.Hours < step.Hours ? 0 : step.Change);
        return beside <= MuchLess * Unexplained(points, point => trend.PerHour * point.Hours) ? step : null;
    }

    /// <summary>Mean distance of the values from a model, which is given but for its level.</summary>
    private static double Unexplained(Point[] points, Func<Point, double> model)
    {
        double[] left = [.. points.Select(point => point.Value - model(point))];
        double level = Trend.Median(left);
        return left.Average(value => Math.Abs(value - level));
    }

    private static Point[] Warm(SoakPlan plan, IReadOnlyList<SoakSample> samples, Point[] points, bool floor)
    {
        double warm = WarmUp(plan, samples[^1].At - plan.Began, floor).TotalHours;
        return [.. points.Where(point => point.Hours > warm)];
    }

    private static TimeSpan Covered(Point[] points) => points.Length == 0 ? TimeSpan.Zero : TimeSpan.FromHours(points[^1].Hours - points[0].Hours);

    private static string Length(TimeSpan time) => time switch
    {
        { TotalHours: >= 2 } => Text($"{time.TotalHours:0.#} h"),
        { TotalMinutes: >= 2 } => Text($"{Math.Ceiling(time.TotalMinutes)} min"),
        _ => Text($"{time.TotalSeconds:0.#} s"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
