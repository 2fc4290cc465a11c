namespace Observatory.Collector;

/// <summary>What threads are called in a label: names that differ by a number only are one.</summary>
internal static class CommandName
{
    /// <summary>
    /// Cuts what the kernel or a thread pool appends: <c>kworker/1:2-events</c> is <c>kworker</c>, <c>ksoftirqd/0</c> is
    /// <c>ksoftirqd</c>, <c>worker-17</c> is <c>worker</c>.
    /// </summary>
    public static string Of(string thread)
    {
        int slash = thread.IndexOf('/', StringComparison.Ordinal);
        ReadOnlySpan<char> name = slash > 0 ? thread.AsSpan(0, slash) : thread;
        name = name.TrimEnd("0123456789").TrimEnd("-_:#. ");
        return name.IsEmpty ? thread : name.ToString();
    }
}
