namespace Observatory.Collector.Tests;

/// <summary>Tests that observe the runtime of this process: what another test does meanwhile would be in their streams.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OwnRuntime
{
    public const string Name = "the runtime of this process";
}
