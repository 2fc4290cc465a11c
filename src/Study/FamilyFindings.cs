namespace Observatory.Study;

/// <summary>Configurations that differ in size only, and how they grow with it.</summary>
internal sealed class FamilyFindings
{
    /// <summary>
    /// Below so many bytes of tensors, what the library and its allocator keep for themselves is not small beside them, and
    /// the kernel's own count is known to some hundred KiB only: such a configuration says nothing about a law.
    /// </summary>
    public const long LeastMemory = 16L << 20;

    /// <param name="configurations">At least one; all of the same operation, element type and threads.</param>
    /// <param name="isOneDtype">Every family of the run has the same element type, so it is not worth a word.</param>
    /// <param name="isOneThreads">The same of the number of threads.</param>
    public FamilyFindings(IReadOnlyList<ConfigurationFindings> configurations, bool isOneDtype = true, bool isOneThreads = true)
    {
        (string operation, string dtype, int threads) = configurations[0].Key.Family;
        Label = operation + (isOneDtype ? "" : $", {dtype}") + (isOneThreads ? "" : $", {NumberText.Plural(threads, "thread")}");
        Configurations = configurations;
        Latency = PowerLaws.Fit(Points(findings => findings.Median, findings => LogError.OfMedianOrStep(findings.Series)));
        FixedMemory = FixedPart.Estimate(
            from findings in configurations
            where findings is { AddedMemory: not null, Configuration.PredictedMemoryBytes: not null }
            select ((double)findings.Configuration.PredictedMemoryBytes!, findings.AddedMemory!.Value));
        Memory = PowerLaws.Fit(Points(GrowingMemory));
        PredictedMemory = PowerLaws.Fit(Points(findings => findings.Configuration.PredictedMemoryBytes));
        Operations = PowerLaws.Fit(Points(findings => findings.Configuration.Flops));
        Batching = BatchingCurve.FromFamily(configurations);
    }

    public IReadOnlyList<ConfigurationFindings> Configurations { get; }

    public string Operation => Configurations[0].Key.Operation;

    public string Dtype => Configurations[0].Key.Dtype;

    /// <summary>The operation, and element type and threads where a run has several.</summary>
    public string Label { get; }

    /// <summary>The operation, and what else tells the family from others.</summary>
    public string Name => $"{Operation}, {Configurations[0].Key.Dtype}, threads {Configurations[0].Key.Threads}";

    /// <summary>Median latency in seconds.</summary>
    public PowerLaws Latency { get; }

    /// <summary>Bytes that configurations add whatever their size is.</summary>
    public double FixedMemory { get; }

    /// <summary>
    /// Resident memory that was added beyond <see cref="FixedMemory"/>, in bytes, as measured, by what needs
    /// <see cref="LeastMemory"/>.
    /// </summary>
    public PowerLaws Memory { get; }

    /// <summary>Bytes of tensors, by formula.</summary>
    public PowerLaws PredictedMemory { get; }

    /// <summary>Floating point operations, by formula.</summary>
    public PowerLaws Operations { get; }

    public IReadOnlyList<BatchingCurve> Batching { get; }

    private double? GrowingMemory(ConfigurationFindings findings) =>
        findings.Configuration.PredictedMemoryBytes < LeastMemory ? null : findings.AddedMemory - FixedMemory;

    private IEnumerable<ScalingPoint> Points(
        Func<ConfigurationFindings, double?> value, Func<ConfigurationFindings, LogError?>? error = null) =>
        from findings in Configurations
        where value(findings) is > 0
        select new ScalingPoint(findings.Key, value(findings)!.Value, error?.Invoke(findings));
}
