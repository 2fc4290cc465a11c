namespace Observatory.Study.Tests;

/// <summary>A study whose laws are known, because they were put in.</summary>
internal sealed class SyntheticStudy
{
    public string Operation { get; init; } = "linear";

    public long[] Batches { get; init; } = [8, 16, 32, 64];

    public long[] Sequences { get; init; } = [512, 1024];

    public long[] Dims { get; init; } = [128, 256, 512];

    /// <summary>Samples of each visit.</summary>
    public int[] Visits { get; init; } = [10, 10, 10];

    /// <summary>Median latency in seconds at batch, sequence and dim.</summary>
    public Func<double, double, double, double> Latency { get; init; } = (batch, sequence, dim) => 1e-9 * batch * sequence * dim;

    /// <summary>Bytes that a configuration adds; null: not measured.</summary>
    public Func<double, double, double, double>? Memory { get; init; }

    public Latencies Noise { get; init; } = new(1) { Spread = 0.02 };

    public StudyResults Results() => Samples.Of(
    [
        .. from batch in Batches
           from sequence in Sequences
           from dim in Dims
           select Measure(batch, sequence, dim),
    ]);

    public StudyFindings Findings() => StudyFindings.Of(Results());

    private MeasuredConfiguration Measure(long batch, long sequence, long dim)
    {
        SampleSeries samples = Noise.Take(Latency(batch, sequence, dim), Visits);
        MeasuredConfiguration measured = Samples.Linear(
            batch, sequence, dim, [.. samples.Values.Select(seconds => (long)(seconds * 1e9))]);
        const long baseline = 500_000_000;
        return measured with
        {
            Operation = Operation,
            Visits = [.. Visits.Select((count, index) => new Visit(index * 1_000_000_000L, count))],
            BaselineMemoryBytes = Memory is null ? null : baseline,
            PeakMemoryBytes = Memory is null ? null : baseline + (long)Memory(batch, sequence, dim),
        };
    }
}
