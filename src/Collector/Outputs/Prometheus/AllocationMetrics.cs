using System.Diagnostics.Metrics;
using Observatory.Contract;

namespace Observatory.Collector;

/// <summary>Instruments of sampled allocations: estimates, which are right in the long run.</summary>
internal sealed class AllocationMetrics : IRuntimeEventHandler
{
    /// <summary>Ten samples or so: less says little about a type.</summary>
    private readonly HeavyHitters<string> _types = new(Names.Other, least: 10 * AllocationSample.MeanDistance, mostEver: 200);

    private readonly ConfigurationLabelSets _labels;
    private readonly Counter<double> _bytes;
    private readonly Counter<double> _objects;
    private readonly Counter<double> _byHeap;
    private readonly Counter<double> _byConfiguration;
    private readonly Counter<long> _samples;

    public AllocationMetrics(IMeterFactory meters, ConfigurationLabelSets labels)
    {
        _labels = labels;
        Meter meter = meters.Create(Meters.Collector);
        _bytes = meter.CreateCounter<double>(
            "observatory.allocation.sampled", "By", "Bytes allocated, estimated from samples, by type: the most important ones, the rest as other.");
        _objects = meter.CreateCounter<double>(
            "observatory.allocation.sampled.objects", null, "Objects allocated, estimated from samples, by type as above.");
        _byHeap = meter.CreateCounter<double>(
            "observatory.allocation.heap", "By", "Bytes allocated, estimated from samples, by the heap they went to; large objects begin at 85 kB.");
        _byConfiguration = meter.CreateCounter<double>(
            "observatory.iteration.allocation", "By", "Bytes allocated by any thread, estimated from samples, by the configuration that ran.");
        _samples = meter.CreateCounter<long>(
            "observatory.allocation.samples", null, "Samples that the estimates rest on: their relative error is about 1 / sqrt(samples).");
    }

    public void Allocated(in AllocationSample sample, long? configuration)
    {
        var type = new KeyValuePair<string, object?>("type", _types.Add(sample.Type, (long)sample.Bytes));
        _samples.Add(1, type);
        _bytes.Add(sample.Bytes, type);
        _objects.Add(sample.Objects, type);
        _byHeap.Add(sample.Bytes, new KeyValuePair<string, object?>("heap", sample.Heap));
        _byConfiguration.Add(sample.Bytes, _labels.For(configuration).Own);
    }
}
