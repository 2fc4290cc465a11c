using System.Diagnostics.Metrics;
using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Instruments of exceptions, compilation and loading.</summary>
internal sealed class CodeMetrics : IRuntimeEventHandler
{
    private readonly HeavyHitters<string> _types = new(Names.Other, least: 1, window: 1_000, mostEver: 200);
    private readonly Counter<long> _exceptions;
    private readonly Histogram<double> _methods;
    private readonly Histogram<double> _tiering;
    private readonly Counter<long> _recompiled;
    private readonly Counter<long> _assemblies;

    public CodeMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(Meters.Collector);
        _exceptions = meter.CreateCounter<long>(
            "observatory.exceptions", null, "Exceptions thrown, by type: the most important ones, the rest as other.");
        _methods = meter.CreateSeconds("observatory.jit.method.duration", "Time to compile a method.", Buckets.ShortSeconds);
        _tiering = meter.CreateSeconds(
            "observatory.jit.tiering.duration", "Length of a stretch in which the background thread recompiled hot methods.", Buckets.ShortSeconds);
        _recompiled = meter.CreateCounter<long>("observatory.jit.tiering.methods", null, "Hot methods that the background thread recompiled.");
        _assemblies = meter.CreateCounter<long>("observatory.assemblies.loaded", null, "Assemblies loaded while observed.");
    }

    public void ExceptionThrown(string type) =>
        _exceptions.Add(1, new KeyValuePair<string, object?>("error.type", _types.Add(type, 1)));

    public void MethodCompiled(Duration duration) => _methods.Record(duration.Seconds);

    public void TieringEnded(int methods, Duration duration)
    {
        _tiering.Record(duration.Seconds);
        _recompiled.Add(methods);
    }

    public void AssemblyLoaded() => _assemblies.Add(1);
}
