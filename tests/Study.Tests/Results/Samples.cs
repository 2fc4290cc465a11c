namespace Observatory.Study.Tests;

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

    public static StudyResults Of(params IReadOnlyList<MeasuredConfiguration> configurations) => new()
    {
        StartedAt = new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero),
        Machine = Machine,
        Run = Run,
        Configurations = configurations,
    };
}
