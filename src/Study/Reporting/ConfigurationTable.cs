using System.Globalization;

namespace Observatory.Study;

/// <summary>The table of configurations and that of the shapes of their distributions.</summary>
internal static class ConfigurationTable
{
    private static readonly IReadOnlyList<TableColumn<ConfigurationFindings>> Main =
    [
        new("n", row => NumberText.Whole(row.Series.Count)),
        new("median", row => NumberText.Seconds(row.Median)),
        new("95 % interval", row => NumberText.Seconds(row.Interval)),
        new("MAD", row => NumberText.Seconds(row.Spread)),
        new("p95", row => NumberText.Seconds(row.P95)),
        new("p99", row => NumberText.Seconds(row.P99)),
        new("GFLOP/s", row => row.Flops is { } flops ? NumberText.Digits(flops / 1e9) : NumberText.None),
        new("tokens/s", row => NumberText.Count(row.TokensPerSecond)),
        new("of roofline", row => NumberText.Percent(row.RooflineShare)),
        new("memory added", row => NumberText.Bytes(row.AddedMemory)),
        new("predicted", row => NumberText.Bytes(row.Configuration.PredictedMemoryBytes)),
    ];

    private static readonly IReadOnlyList<TableColumn<ConfigurationFindings>> Shapes =
    [
        new("n", row => NumberText.Whole(row.Series.Count)),
        new("effective n", row => NumberText.Whole((long)row.Series.EffectiveCount)),
        new("visits", row => NumberText.Whole(row.Series.Visits.Count)),
        new("p95/p50", row => NumberText.Ratio(row.P95 / row.Median)),
        new("p99/p50", row => NumberText.Ratio(row.P99 / row.Median)),
        new("max/p50", row => NumberText.Ratio(row.Series.Count > 0 ? row.Series.Sorted[^1] / row.Median : null)),
        new("modes", Modes),
        new("lag-1 autocorrelation", row => row.Autocorrelation?.ToString("0.00", CultureInfo.InvariantCulture) ?? NumberText.None),
        new("drift", Drift),
        new("disturbed", row => NumberText.Percent(row.DisturbedShare)),
    ];

    public static Table Create(IReadOnlyList<ConfigurationFindings> rows) => Tabulate(rows, Main);

    public static Table CreateShapes(IReadOnlyList<ConfigurationFindings> rows) => Tabulate(rows, Shapes);

    private static Table Tabulate(
        IReadOnlyList<ConfigurationFindings> rows, IReadOnlyList<TableColumn<ConfigurationFindings>> columns)
    {
        var keys = KeyColumns.For(rows.Select(row => row.Key));
        return keys.All<ConfigurationFindings>(row => row.Key).Concat(columns).ToArray().Tabulate(keys.Names, rows);
    }

    private static string Modes(ConfigurationFindings row) => row.Series.Count < ConfigurationFindings.LeastForP95
        ? NumberText.None
        : row.Modes is { } modes
            ? $"{NumberText.Seconds(modes.Low)}, {NumberText.Seconds(modes.High)} ({NumberText.Percent(modes.SlowShare)})"
            : "one";

    private static string Drift(ConfigurationFindings row) => row.Drift switch
    {
        null => NumberText.None,
        { IsClear: false } => "none",
        { } drift => (drift.Ratio - 1).ToString("+0.0 %;-0.0 %", CultureInfo.InvariantCulture),
    };
}

/// <summary>What bounds each configuration: arithmetic or memory, and which cache its working set fits into.</summary>
internal static class RooflineTable
{
    private sealed record ConfigurationRow(ConfigurationFindings Findings, MachineFingerprint Machine)
    {
        public MeasuredConfiguration Configuration => Findings.Configuration;
    }

    private static readonly IReadOnlyList<TableColumn<ConfigurationRow>> All =
    [
        new("FLOP", row => NumberText.Count(row.Configuration.Flops)),
        new("FLOP per byte", row => row.Configuration.ArithmeticIntensity is { } intensity
            ? NumberText.Digits(intensity)
            : NumberText.None),
        new("bound by", row => row.Findings.IsComputeBound switch
        {
            true => "compute",
            false => "memory",
            null => NumberText.None,
        }),
        new("roof, GFLOP/s", row => Giga(row.Findings.Roof)),
        new("reached", row => Giga(row.Findings.Flops)),
        new("of roofline", row => NumberText.Percent(row.Findings.RooflineShare)),
        new("working set", row => NumberText.Bytes(row.Configuration.WorkingSetBytes)),
        new("fits into", row => Level(CacheLevel.Holding(row.Configuration.WorkingSetBytes, row.Machine, row.Findings.Key.Threads))),
    ];

    public static Table Create(StudyFindings findings)
    {
        var keys = KeyColumns.For(findings.Configurations.Select(item => item.Key));
        return keys.All<ConfigurationRow>(row => row.Findings.Key).Concat(All).ToArray()
            .Tabulate(keys.Names, findings.Configurations.Select(item => new ConfigurationRow(item, findings.Results.Machine)));
    }

    private static string Giga(double? flops) => flops is { } value ? NumberText.Digits(value / 1e9) : NumberText.None;

    private static string Level(int? level) => level switch
    {
        null => NumberText.None,
        1 => "L1d",
        CacheLevel.Memory => "memory",
        { } cache => $"L{cache}",
    };
}
