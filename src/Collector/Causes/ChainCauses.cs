using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// The causes of blocked time: what the end of a chain of wake-ups says, and through which threads it leads there. Threads
/// are told apart by what they are (their names without numbers), not by their ids.
/// </summary>
/// <remarks>
/// <code>
/// a thread ran             -> workers, where it had been asked to or is a worker of the compute library; else waiting
/// a thread slept           -> waiting: what ended its sleep is not known
/// asynchronous work        -> sync_over_async, where it was the unit's own; else waiting
/// another process          -> stopped, where the program was; io, where it is a thread of the kernel that works for a disk
/// an interrupt             -> io and network, where it was of that kind; of an unknown kind: network, where the thread that
///                             it woke only listens to sockets, and io up to the machine's stalls; else waiting for the
///                             thread that slept, or a timer
/// a worker of the pool     -> pool_starvation, where it, or another that woke it, waited for a timer or a device and had not been woken for the
///                             unit: had a worker been free, the thread that queued the item would have woken it; or where the pool's gate had made
///                             or woken it, which does so when no worker was free for a while; else up to the time for which the pool itself says
///                             that it made no progress
/// </code>
/// </remarks>
internal sealed class ChainCauses(CauseEvidence evidence)
{
    /// <summary>Stands for a disk whose interrupt was seen.</summary>
    public const string Device = "device";

    private const string KernelWorker = "kworker/";
    private const string PoolWorker = ".NET TP Worker";

    /// <summary>The thread that adds workers to the pool, twice a second at most.</summary>
    private const string PoolGate = ".NET TP Gate";
    private const string SocketEngine = ".NET Sockets";

    // Whether the program is stopped is looked at ten times a second: a stop begins and ends up to that much off.
    private static readonly long LookNanoseconds = Duration.FromMilliseconds(200).Nanoseconds;

    private const int MostKernelThreads = 1_024;

    // Journals, block devices and file systems of the kernel, by the beginning of their threads' names; its workers add what
    // they work for to theirs: kworker/u8:2-ext4-rsv-conversion. Programs may be called so, too: md5sum, xfs_repair, nvme.
    private static readonly string[] DiskThreads =
        ["jbd2/", "ext4-", "xfs", "btrfs", "loop", "nvme", "scsi", "md", "dm-", "kcryptd", "dmcrypt", "z_"];

    private static readonly string[] DiskWork = ["ext4", "xfs", "btrfs", "f2fs", "writeback", "kblockd", "dio/", "loop", "nvme", "scsi", "md", "dm-", "crypt"];

    private readonly Dictionary<(int Thread, string Name), bool> _ofKernel = [];

    /// <summary>Adds the cause of a part of the blocked time.</summary>
    /// <param name="share">What the chain of wake-ups leads to; not a wait for a CPU.</param>
    /// <param name="from">When the unit began.</param>
    /// <param name="to">When it ended.</param>
    /// <param name="time">How long.</param>
    /// <param name="found">Gets the cause.</param>
    public void Find(in BlockedShare share, Timestamp from, Timestamp to, long time, CauseTimes found)
    {
        if (IsOfPool(share))
        {
            // Woken by a thread that is no worker it may have been free, and have got the item from that one.
            bool isBusy = !share.IsAsked && share.Cause == BlockedFor.Interrupt && share.Via.All(IsPoolWorker);
            time -= Take(new Cause(CauseKind.PoolStarvation), isBusy || IsOfGate(share) ? time : evidence.Starved.Within(from, to), time, found);
        }

        switch (share.Cause)
        {
            case BlockedFor.Running:
                found.Add(new Cause(share.IsAsked ? CauseKind.Workers : CauseKind.Waiting, Name(share.Waker), Detail: Detail(share, share.IsAsked ? "" : "which ran")), time);
                break;
            case BlockedFor.Sleeping:
                found.Add(new Cause(CauseKind.Waiting, Name(share.Waker), Detail: Detail(share, "which slept")), time);
                break;
            case BlockedFor.Asynchronous:
                found.Add(share.IsAsked ? new Cause(CauseKind.SyncOverAsync) : new Cause(CauseKind.Waiting, Name(share.Waker), Detail: "which worked on another unit later"), time);
                break;
            case BlockedFor.OtherProcess:
                FindOther(share, from, to, time, found);
                break;
            case BlockedFor.Interrupt:
                FindInterrupt(share, from, to, time, found);
                break;
            default:
                found.Add(new Cause(CauseKind.Unknown), time);
                break;
        }
    }

    /// <summary>What a thread mostly did while it was waited for, as far as chains lead to or through it; empty where none does.</summary>
    public string DoingOf(string thread, IReadOnlyList<BlockedShare> shares)
    {
        BlockedShare? longest = null;
        foreach (BlockedShare share in shares)
        {
            int first = share.Via.Count > 0 ? share.Via[0] : share.Waker;
            if (Name(first) == thread && share.Time > (longest?.Time ?? Duration.Zero)) longest = share;
        }

        return longest switch
        {
            null => "",
            { Via.Count: > 0, Cause: BlockedFor.Interrupt, Waker: TimelineEvent.TimerInterrupt } => "which waited for a timer",
            { Via.Count: > 0, Cause: BlockedFor.Interrupt } => "which waited for a timer or a device",
            { Via.Count: > 0 } => $"which waited for {Name(longest.Value.Waker)}",
            { Cause: BlockedFor.Running } => "which ran",
            { Cause: BlockedFor.Preempted or BlockedFor.Waking } => "which waited for a CPU",
            _ => "which slept",
        };
    }

    private void FindOther(in BlockedShare share, Timestamp from, Timestamp to, long time, CauseTimes found)
    {
        if (evidence.Stopped.Within(from, to) is > 0 and var stopped)
            time -= Take(new Cause(CauseKind.Stopped), stopped + LookNanoseconds, time, found);
        string thread = evidence.NameOf(share.Waker);
        (int process, string command) = evidence.ProcessOf(share.Waker);
        found.Add(
            IsOfDisk(thread) && IsOfKernel(share.Waker, thread)
                ? new Cause(CauseKind.Io, thread.Split('/')[0], Detail: Detail(share, ""))
                : new Cause(CauseKind.OtherProcess, ThreadNames.FamilyOf(command), process, Detail(share, "")),
            time);
    }

    private static bool IsOfDisk(string thread) =>
        Array.Exists(DiskThreads, beginning => thread.StartsWith(beginning, StringComparison.Ordinal))
        || (thread.StartsWith(KernelWorker, StringComparison.Ordinal) && Array.Exists(DiskWork, work => thread.Contains(work, StringComparison.Ordinal)));

    /// <summary>Asked once for a thread of that name: some journals end a thousand waits a second.</summary>
    private bool IsOfKernel(int thread, string name)
    {
        if (_ofKernel.TryGetValue((thread, name), out bool isOfKernel)) return isOfKernel;
        if (_ofKernel.Count >= MostKernelThreads) _ofKernel.Clear();
        return _ofKernel[(thread, name)] = evidence.IsOfKernel(thread);
    }

    private void FindInterrupt(in BlockedShare share, Timestamp from, Timestamp to, long time, CauseTimes found)
    {
        string woken = share.Via.Count > 0 ? evidence.NameOf(share.Via[^1]) : "";
        bool isOfSockets = woken.StartsWith(SocketEngine, StringComparison.Ordinal);
        string through = isOfSockets ? "" : Detail(share, "");
        switch (share.Waker)
        {
            case TimelineEvent.DiskInterrupt:
                found.Add(new Cause(CauseKind.Io, Device, Detail: through), time);
                return;
            case TimelineEvent.NetworkInterrupt:
                found.Add(new Cause(CauseKind.Network, Detail: through), time);
                return;
            case TimelineEvent.Interrupt when isOfSockets:
                found.Add(new Cause(CauseKind.Network), time);
                return;
            case TimelineEvent.Interrupt:
                time -= Take(new Cause(CauseKind.Io), evidence.IoStalled.Within(from, to), time, found);
                break;
        }

        found.Add(
            woken.Length == 0
                ? new Cause(CauseKind.Timer)
                : new Cause(CauseKind.Waiting, ThreadNames.FamilyOf(woken), Detail: Detail(share.Via.SkipLast(1), share.Waker == TimelineEvent.TimerInterrupt ? "which waited for a timer" : "which waited for a timer or a device")),
            time);
    }

    /// <summary>True where a worker of the thread pool was waited for.</summary>
    private bool IsOfPool(in BlockedShare share) => share.Via.Count > 0
        ? IsPoolWorker(share.Via[0])
        : share.Cause is BlockedFor.Running or BlockedFor.Sleeping or BlockedFor.Asynchronous && share.Waker > TimelineEvent.UnknownThread && IsPoolWorker(share.Waker);

    /// <summary>True where the worker that was waited for had come from the gate.</summary>
    private bool IsOfGate(in BlockedShare share) =>
        share.Via.Count > 0 && evidence.NameOf(share.Via.Count > 1 ? share.Via[1] : share.Waker).StartsWith(PoolGate, StringComparison.Ordinal);

    private bool IsPoolWorker(int thread) => evidence.NameOf(thread).StartsWith(PoolWorker, StringComparison.Ordinal);

    private string Name(int thread) => thread > TimelineEvent.UnknownThread ? ThreadNames.FamilyOf(evidence.NameOf(thread)) : "";

    private string Detail(in BlockedShare share, string did) => Detail(share.Via, did);

    /// <summary>What the thread did, and the threads that waited for it in turn, the one that the unit waited for first.</summary>
    private string Detail(IEnumerable<int> via, string did)
    {
        // Threads of one kind that wait for each other are told once.
        List<string> names = [];
        foreach (string name in via.Select(Name))
        {
            if (names.Count == 0 || names[^1] != name) names.Add(name);
        }

        if (names.Count == 0) return did;
        string through = $"through {string.Join(", then ", names)}";
        return did.Length == 0 ? through : $"{did}, {through}";
    }

    private static long Take(in Cause cause, long wanted, long time, CauseTimes found)
    {
        long taken = Math.Clamp(wanted, 0, time);
        found.Add(cause, taken);
        return taken;
    }
}
