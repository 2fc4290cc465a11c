namespace Observatory.Collector;

/// <summary>A .NET process that offers diagnostics.</summary>
/// <param name="Process">What /proc says about it.</param>
/// <param name="Names">The names it goes by, the one that says most first.</param>
/// <param name="Uptime">How long it has been running.</param>
/// <param name="RuntimeVersion">Its .NET runtime; null where that cannot be told.</param>
internal sealed record Candidate(
    ProcessFacts Process, IReadOnlyList<string> Names, TimeSpan Uptime, string? RuntimeVersion)
{
    /// <summary>Its most telling name.</summary>
    public string Name => Names[0];

    /// <summary>As it stands in a sentence.</summary>
    public override string ToString() => $"{Process.Id} {Name}";
}
