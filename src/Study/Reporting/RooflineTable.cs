namespace Observatory.Study;

/// <summary>What bounds each configuration: arithmetic or memory, and which cache its working set fits into.</summary>
internal static class RooflineTable
{
    private sealed record Row(ConfigurationFindings Findings, MachineFingerprint Machine)
    {
        public MeasuredConfiguration Configuration => Findings.Configuration;
    }

    private static readonly IReadOnlyList<Column<Row>> All =
    [
        new("operation", row => row.Findings.Key.Operation),
        new("batch", row => NumberText.Whole(row.Findings.Key.Batch)),
        new("sequence", row => NumberText.Whole(row.Findings.Key.Sequence)),
        new("dim", row => NumberText.Whole(row.Findings.Key.Dim)),
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
        new("fits into", row => Level(CacheLevel.Of(row.Configuration.WorkingSetBytes, row.Machine, row.Findings.Key.Threads))),
    ];

    public static Table Of(StudyFindings findings) =>
        All.Tabulate(1, findings.Configurations.Select(item => new Row(item, findings.Results.Machine)));

    private static string Giga(double? flops) => flops is { } value ? NumberText.Digits(value / 1e9) : NumberText.None;

    private static string Level(int? level) => level switch
    {
        null => NumberText.None,
        1 => "L1d",
        CacheLevel.Memory => "memory",
        { } cache => $"L{cache}",
    };
}
