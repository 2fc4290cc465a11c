using Observatory.Study.Scaling;
using Observatory.Study.Statistics;

namespace Observatory.Study;

/// <summary>Configurations that differ in size only, and how they grow with it.</summary>
internal sealed class FamilyFindings
{
    /// <param name="configurations">At least one; all of the same operation, element type and threads.</param>
    public FamilyFindings(IReadOnlyList<ConfigurationFindings> configurations)
    {
        Configurations = configurations;
        Latency = ScalingOf.Of(Points(findings => findings.Median));
        Memory = ScalingOf.Of(Points(findings => findings.AddedMemory));
        PredictedMemory = ScalingOf.Of(Points(findings => findings.Configuration.PredictedMemoryBytes));
        Operations = ScalingOf.Of(Points(findings => findings.Configuration.Flops));
        Batching = BatchingCurve.Of(configurations);
    }

    public IReadOnlyList<ConfigurationFindings> Configurations { get; }

    public string Operation => Configurations[0].Key.Operation;

    /// <summary>The operation, and what else tells the family from others.</summary>
    public string Name => $"{Operation}, {Configurations[0].Key.Dtype}, threads {Configurations[0].Key.Threads}";

    /// <summary>Median latency in seconds.</summary>
    public ScalingOf Latency { get; }

    /// <summary>Resident memory that was added, in bytes, as measured.</summary>
    public ScalingOf Memory { get; }

    /// <summary>Bytes of tensors, by formula.</summary>
    public ScalingOf PredictedMemory { get; }

    /// <summary>Floating point operations, by formula.</summary>
    public ScalingOf Operations { get; }

    public IReadOnlyList<BatchingCurve> Batching { get; }

    private IEnumerable<ScalingPoint> Points(Func<ConfigurationFindings, double?> value) =>
        from findings in Configurations
        where value(findings) is > 0
        select new ScalingPoint(findings.Key, value(findings)!.Value);
}
