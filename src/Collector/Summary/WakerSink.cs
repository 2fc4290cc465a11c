using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>What driving threads waited for inside iterations, and threads inside requests, by the name of the thread that woke them.</summary>
internal sealed class WakerSink(ThreadNames names, SourceStatus kernel) : IFindingsSink
{
    private const string Other = "other";
    private const double Window = 10e9;
    private readonly Lock _entry = new();
    private readonly HeavyHitters<WakerName> _totals = new(new WakerName(Other, null), least: 1, Window);

    /// <summary>Nanoseconds, most first; none where the tier does not see wake-ups.</summary>
    public IReadOnlyList<KeyValuePair<WakerName, long>> Totals()
    {
        if (!Measured.HasBlockedFor(kernel.Tier)) return [];
        lock (_entry) return _totals.Totals();
    }

    public void RequestClosed(RequestName name, in UnitAccount account) => Add(account);

    public void IterationClosed(WorkloadConfiguration configuration, in UnitAccount account) => Add(account);

    private void Add(in UnitAccount account)
    {
        BlockedAccount blocked = account.Details.Blocked;
        if (blocked.Total == Duration.Zero) return;
        lock (_entry)
        {
            foreach (BlockedShare share in blocked.Shares) _totals.Add(NameOf(share), share.Time.Nanoseconds);
            long unexplained = blocked[BlockedFor.Unexplained].Nanoseconds;
            if (unexplained > 0) _totals.Add(new WakerName("unknown", BlockedFor.Unexplained), unexplained);
        }
    }

    private WakerName NameOf(in BlockedShare share) => share.Waker switch
    {
        TimelineEvent.Interrupt => new WakerName("interrupt", share.Cause),
        TimelineEvent.TimerInterrupt => new WakerName("timer", share.Cause),
        TimelineEvent.DiskInterrupt => new WakerName("disk", share.Cause),
        TimelineEvent.NetworkInterrupt => new WakerName("network", share.Cause),
        TimelineEvent.UnknownThread => new WakerName(Other, share.Cause),
        _ => new WakerName(ThreadNames.FamilyOf(names.NameOf(share.Waker)), share.Cause),
    };
}

/// <summary>What driving threads waited for while they were blocked.</summary>
/// <param name="Thread">Name of the thread that woke them.</param>
/// <param name="Cause">What went on with it meanwhile; null for several.</param>
internal readonly record struct WakerName(string Thread, BlockedFor? Cause);
