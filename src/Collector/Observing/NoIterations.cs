namespace Observatory.Collector;

/// <summary>What is said in place of a table that would be empty.</summary>
internal static class NoIterations
{
    private const string Unmarked =
        "No iterations: the process marks none (no Observatory-Workload events), so only the process as a whole can be accounted for. How to mark iterations: docs/attach.md";

    private const string Unended = "No iterations: the process marks them, but none began and ended while it was observed.";

    /// <summary>Writes who saw what, and why there is no account.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="sources">Every source.</param>
    /// <param name="process">The target as a whole.</param>
    /// <param name="isMarked">Whether the process was seen to keep the contract.</param>
    public static void Write(TextWriter output, IReadOnlyList<SourceStatus> sources, ProcessRow process, bool isMarked)
    {
        output.WriteLine(Header.Sources(sources));
        foreach (string trouble in Header.Troubles(sources)) output.WriteLine(trouble);
        foreach (string line in ProcessTable.Lines(process)) output.WriteLine(line);
        output.WriteLine(isMarked ? Unended : Unmarked);
    }
}
