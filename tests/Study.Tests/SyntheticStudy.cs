using MathNet.Numerics.Distributions;

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

    public StudyResults Results() => Samples.Results(
    [
        .. from batch in Batches
           from sequence in Sequences
           from dim in Dims
           select Measure(batch, sequence, dim),
    ]);

    public StudyFindings Findings() => StudyFindings.From(Results());

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

/// <summary>Latencies of a known distribution: seeded, so that a test that passes passes again.</summary>
internal sealed class Latencies(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Share of samples that are 3 to 10 times as long.</summary>
    public double Outliers { get; init; }

    /// <summary>Correlation of neighbours in time, before the outliers.</summary>
    public double Correlation { get; init; }

    /// <summary>Standard deviation of the logarithm within a visit.</summary>
    public double Spread { get; init; } = 0.1;

    /// <summary>Standard deviation of the logarithm of what all samples of a visit share.</summary>
    public double VisitSpread { get; init; }

    /// <param name="median">In seconds.</param>
    /// <param name="visits">Samples of each visit.</param>
    public SampleSeries Take(double median, params int[] visits) =>
        new([.. visits.SelectMany(samples => Visit(median, samples))], visits);

    private double[] Visit(double median, int samples)
    {
        double shared = VisitSpread * Normal.Sample(_random, 0, 1);
        double state = Normal.Sample(_random, 0, 1);
        double[] values = new double[samples];
        for (int i = 0; i < samples; i++)
        {
            double outlier = _random.NextDouble() < Outliers ? 3 + (7 * _random.NextDouble()) : 1;
            values[i] = median * Math.Exp(shared + (Spread * state)) * outlier;
            double step = Math.Sqrt(1 - (Correlation * Correlation));
            state = (Correlation * state) + (step * Normal.Sample(_random, 0, 1));
        }

        return values;
    }
}

/// <summary>Results to start from.</summary>
internal static class Samples
{
    public static MachineFingerprint Machine { get; } =
        new() { Id = "00c0ffee", Cpu = "Model 7", Cores = 2, Torch = "2.10.0", Threads = 2, L2Bytes = 1 << 20 };

    public static RunSettings Run { get; } = new()
    {
        Operations = ["linear"], Seed = 1, Order = "shuffled", Warmup = 1, Iterations = 2, Passes = 2,
    };

    /// <summary>A configuration of <c>linear</c> with its costs by formula.</summary>
    public static MeasuredConfiguration Linear(long batch, long sequence, long dim, params IReadOnlyList<long> durations)
    {
        long elements = batch * sequence * dim;
        long bytes = sizeof(float) * ((2 * elements) + (dim * dim));
        return new MeasuredConfiguration
        {
            Operation = "linear", Batch = batch, Sequence = sequence, Dim = dim, Dtype = "float32", Threads = 2,
            Flops = 2 * elements * dim, InputBytes = sizeof(float) * elements,
            PredictedMemoryBytes = bytes, WorkingSetBytes = bytes, ArithmeticIntensity = 2.0 * elements * dim / bytes,
            DurationNs = durations,
        };
    }

    public static StudyResults Results(params IReadOnlyList<MeasuredConfiguration> configurations) => new()
    {
        StartedAt = new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero),
        Machine = Machine,
        Run = Run,
        Configurations = configurations,
    };
}
