namespace Observatory.EndToEnd.Tests;

/// <summary>Tests that look at one and the same running sweep.</summary>
[CollectionDefinition(Name)]
public sealed class SharedSweep : ICollectionFixture<ObservedSweep>
{
    public const string Name = "observed sweep";
}
