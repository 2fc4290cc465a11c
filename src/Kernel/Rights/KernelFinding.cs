namespace Observatory.Kernel;

/// <summary>What was found out about one aspect of the machine.</summary>
/// <param name="Name">The aspect.</param>
/// <param name="IsOk">It is available; otherwise refused, or not there.</param>
/// <param name="Reason">What was seen.</param>
/// <param name="Remedy">The command or capability that would change a refusal; empty when all is well.</param>
public sealed record KernelFinding(string Name, bool IsOk, string Reason, string Remedy);
