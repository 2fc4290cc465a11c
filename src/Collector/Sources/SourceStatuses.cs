namespace Observatory.Collector;

/// <summary>How each source is doing.</summary>
internal sealed class SourceStatuses
{
    /// <summary>EventPipe.</summary>
    public SourceStatus Runtime { get; } = new("runtime");

    /// <summary>perf events.</summary>
    public SourceStatus Kernel { get; } = new("kernel");

    /// <summary>/proc.</summary>
    public SourceStatus ProcFs { get; } = new("procfs");

    /// <summary>All of them, in the order in which they are shown.</summary>
    public IReadOnlyList<SourceStatus> All => [Runtime, Kernel, ProcFs];
}
