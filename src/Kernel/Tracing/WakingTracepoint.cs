namespace Observatory.Kernel;

/// <summary>The tracepoint sched:sched_waking of the running kernel.</summary>
/// <param name="Id">Its number, the event's <c>config</c>. Differs from kernel to kernel.</param>
/// <param name="WokenIdOffset">Offset of its field <c>pid</c>, the woken thread.</param>
/// <param name="Source">Where both were read.</param>
internal sealed record WakingTracepoint(long Id, int WokenIdOffset, string Source)
{
    private const string Directory = "events/sched/sched_waking";

    // What every kernel to date has: four common fields of 8 bytes, then char comm[16].
    private const int DefaultWokenIdOffset = 24;

    private static readonly string[] UsualRoots = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];

    /// <param name="tracefsRoot">Where to look; null for the usual places, then a detached mount.</param>
    /// <exception cref="KernelAccessException">It cannot be read anywhere.</exception>
    public static WakingTracepoint Find(string? tracefsRoot)
    {
        foreach (string root in tracefsRoot is null ? UsualRoots : [tracefsRoot])
        {
            if (TryRead(root, root) is { } found) return found;
        }

        if (tracefsRoot is not null) throw KernelAccessException.TracepointId($"{tracefsRoot}/{Directory}/id");
        using DetachedTracefs? detached = DetachedTracefs.TryOpen(out _);
        return detached is not null && TryRead(detached.Root, "a detached tracefs") is { } read
            ? read
            : throw KernelAccessException.TracepointId($"{UsualRoots[0]}/{Directory}/id");
    }

    private static WakingTracepoint? TryRead(string root, string source)
    {
        if (!KernelText.TryRead($"{root}/{Directory}/id", out string id)) return null;
        if (!long.TryParse(id.AsSpan().Trim(), out long number)) return null;
        bool hasFormat = KernelText.TryRead($"{root}/{Directory}/format", out string format);
        int? offset = hasFormat ? TracepointFormat.FindOffset(format, "pid") : null;
        return new WakingTracepoint(number, offset ?? DefaultWokenIdOffset, source);
    }
}
