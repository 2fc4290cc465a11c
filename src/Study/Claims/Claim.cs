namespace Observatory.Study;

/// <summary>A statement about the workload and what the results say about it.</summary>
/// <param name="Statement">The claim, as it was made.</param>
/// <param name="Verdict">Whether it holds here.</param>
/// <param name="Reason">The numbers that decide, in a sentence or two; never a number that was not measured.</param>
internal sealed record Claim(string Statement, Verdict Verdict, string Reason);
