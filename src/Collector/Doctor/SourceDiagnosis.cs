using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>One source as the doctor found it.</summary>
/// <param name="Name">The source.</param>
/// <param name="Tier">The tier it would run at.</param>
/// <param name="IsFull">True when that is the highest there is.</param>
/// <param name="Meaning">What that tier shows, or fails to show.</param>
/// <param name="Findings">What was tried.</param>
internal sealed record SourceDiagnosis(
    string Name, string Tier, bool IsFull, string Meaning, IReadOnlyList<KernelFinding> Findings);
