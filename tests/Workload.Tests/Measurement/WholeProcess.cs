namespace Observatory.Workload.Tests;

/// <summary>Alone in the process while they run: what other tests free meanwhile would be missing from the peak.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeProcess
{
    public const string Name = "whole process";
}
