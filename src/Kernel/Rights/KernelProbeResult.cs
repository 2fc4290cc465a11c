namespace Observatory.Kernel;

/// <summary>What this process may see of the kernel.</summary>
/// <param name="Tier">The highest tier within reach.</param>
/// <param name="Findings">Every aspect, named as in <see cref="KernelAspects"/>, in a fixed order.</param>
public sealed record KernelProbeResult(KernelTier Tier, IReadOnlyList<KernelFinding> Findings);
