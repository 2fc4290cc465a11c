using System.Diagnostics.Metrics;
using Observatory.Study;

namespace Observatory.Workload;

/// <summary>What the machine is and can do. A limit has no series until it was measured.</summary>
internal sealed class MachineInstruments
{
    private readonly CpuCaches _caches;
    private volatile MachineLimits? _limits;

    public MachineInstruments(Meter meter, CpuCaches caches)
    {
        _caches = caches;
        meter.CreateObservableGauge(
            "workload.machine.peak_flops",
            Peaks,
            unit: null,
            "Floating point operations per second at most: kind gemm, of a matrix product; fma, of registers alone.");
        meter.CreateObservableGauge(
            "workload.machine.memory_bandwidth", Bandwidth, "By/s", "Bytes per second between memory and CPU, as STREAM's triad.");
        meter.CreateObservableGauge(
            "workload.machine.cache_size", Caches, "By", "Caches of the first CPU; level 3 is shared.");
    }

    /// <summary>The limits, once they were measured.</summary>
    public MachineLimits? Limits
    {
        get => _limits;
        set => _limits = value;
    }

    private IEnumerable<Measurement<double>> Peaks() =>
        Measured("kind", ("gemm", _limits?.GemmFlopsPerSecond), ("fma", _limits?.FmaFlopsPerSecond));

    private IEnumerable<Measurement<double>> Bandwidth() =>
        _limits?.BandwidthBytesPerSecond is { } bytes ? [new(bytes)] : [];

    private IEnumerable<Measurement<double>> Caches() =>
        Measured("level", ("1", _caches.L1d), ("2", _caches.L2), ("3", _caches.L3));

    private static IEnumerable<Measurement<double>> Measured(
        string label, params IEnumerable<(string Name, double? Value)> all) =>
        from one in all
        let value = one.Value
        where value is not null
        select new Measurement<double>((double)value, new KeyValuePair<string, object?>(label, one.Name));
}
