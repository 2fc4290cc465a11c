namespace Observatory.Kernel;

/// <summary>The tracepoints that tell what an interrupt is served for: the number of the running kernel for each.</summary>
/// <param name="HandlerEntry">irq:irq_handler_entry: the handler of a device begins.</param>
/// <param name="HandlerExit">irq:irq_handler_exit: it ends.</param>
/// <param name="SoftEntry">irq:softirq_entry: work that an interrupt has put off begins.</param>
/// <param name="SoftExit">irq:softirq_exit: it ends.</param>
/// <remarks>
/// The local timer has no handler of a device: what wakes in a hard interrupt outside of them is a timer. Of work that was
/// put off, that of the network and of block devices is recorded (<see cref="SoftFilter"/>), because the rest comes with every
/// tick. include/trace/events/irq.h, include/linux/interrupt.h.
/// </remarks>
internal sealed record InterruptTracepoints(long HandlerEntry, long HandlerExit, long SoftEntry, long SoftExit)
{
    /// <summary>NET_RX_SOFTIRQ and BLOCK_SOFTIRQ.</summary>
    public const string SoftFilter = "vec == 3 || vec == 4";

    /// <param name="tracefsRoot">Where to look; null for the usual places, then a detached mount.</param>
    /// <returns>Null where one of them cannot be read: then an interrupt is an interrupt.</returns>
    public static InterruptTracepoints? TryFind(string? tracefsRoot)
    {
        foreach (string root in tracefsRoot is null ? WakingTracepoint.UsualRoots : [tracefsRoot])
        {
            if (TryRead(root) is { } found) return found;
        }

        if (tracefsRoot is not null) return null;
        using DetachedTracefs? detached = DetachedTracefs.TryOpen(out _);
        return detached is null ? null : TryRead(detached.Root);
    }

    /// <summary>True where the kernel records them on a CPU, with the filter.</summary>
    public bool CanBeOpenedOn(int cpu)
    {
        foreach (RingEvent wanted in CpuWideEvents.Of(this, Environment.SystemPageSize))
        {
            using PerfEvent? opened = PerfEvent.TryOpen(wanted.Attributes, PerfEvent.AllThreads, cpu, out _);
            if (opened is null || (wanted.Filter is { } filter && !opened.TryFilter(filter, out _))) return false;
        }

        return true;
    }

    private static InterruptTracepoints? TryRead(string root) =>
        IdOf(root, "irq_handler_entry") is { } handlerEntry
        && IdOf(root, "irq_handler_exit") is { } handlerExit
        && IdOf(root, "softirq_entry") is { } softEntry
        && IdOf(root, "softirq_exit") is { } softExit
            ? new InterruptTracepoints(handlerEntry, handlerExit, softEntry, softExit)
            : null;

    private static long? IdOf(string root, string name) =>
        KernelText.TryRead($"{root}/events/irq/{name}/id", out string id) && long.TryParse(id.AsSpan().Trim(), out long number) ? number : null;
}
