namespace Observatory.Timeline;

/// <summary>
/// The blocked time of an account, split by what it waited for, by following the thread that ended each sleep to what it did
/// meanwhile, and where that was another sleep, to the thread that ended that one, and so on.
/// </summary>
/// <remarks>Its total is exactly <see cref="AccountState.Blocked"/> of the account it belongs to.</remarks>
public sealed class BlockedAccount
{
    /// <summary>The thread was not blocked.</summary>
    public static readonly BlockedAccount None = new([], Duration.Zero);

    internal BlockedAccount(IReadOnlyList<BlockedShare> shares, Duration total)
    {
        Shares = shares;
        Total = total;
    }

    /// <summary>All causes, in the order of the enumeration.</summary>
    public static IReadOnlyList<BlockedFor> Causes { get; } = Enum.GetValues<BlockedFor>();

    /// <summary>What is explained, by waker and cause; what is left of <see cref="Total"/> is unexplained.</summary>
    public IReadOnlyList<BlockedShare> Shares { get; }

    /// <summary>Time in which the thread was blocked.</summary>
    public Duration Total { get; }

    /// <summary>Time of one cause, over all wakers.</summary>
    public Duration this[BlockedFor cause]
    {
        get
        {
            (Duration ofCause, Duration ofAll) = (Duration.Zero, Duration.Zero);
            // Asked for each cause of each account: by index, because an enumerator of an interface is an object.
            for (int i = 0; i < Shares.Count; i++)
            {
                ofAll += Shares[i].Time;
                if (Shares[i].Cause == cause) ofCause += Shares[i].Time;
            }

            return cause == BlockedFor.Unexplained ? Total - ofAll : ofCause;
        }
    }

    /// <summary>The largest part that is explained; null where nothing is.</summary>
    public BlockedShare? Main => Shares.Count == 0 ? null : Shares.MaxBy(share => share.Time);

    /// <summary>Blocked, and it is not known for what.</summary>
    internal static BlockedAccount Unexplained(Duration total) => total == Duration.Zero ? None : new([], total);
}

/// <summary>
/// What went on while the driving thread was blocked: what the last thread did in that time that a chain of wake-ups leads to,
/// or what else ended it.
/// </summary>
public enum BlockedFor
{
    /// <summary>A thread of the same process ran: the later waker, or one that the later waker waited for.</summary>
    Running,

    /// <summary>Such a thread had lost its CPU and wanted it back.</summary>
    Preempted,

    /// <summary>Such a thread had been woken itself and waited for a CPU.</summary>
    Waking,

    /// <summary>Such a thread slept, and what ended its sleep is not known any more, or too far away.</summary>
    Sleeping,

    /// <summary>A thread of another process ended it; what that did is not followed.</summary>
    OtherProcess,

    /// <summary>An interrupt ended it: a timer that ran out, or a device.</summary>
    Interrupt,

    /// <summary>
    /// It was ended from within a unit's segment that began later than the sleep: until then no thread worked on what was waited
    /// for, it was awaited. The later waker did other work meanwhile, or none.
    /// </summary>
    Asynchronous,

    /// <summary>The waker, or what it did, is not known.</summary>
    Unexplained,
}

/// <summary>A part of the time in which the driving thread was blocked.</summary>
/// <param name="Waker">
/// Kernel id of the thread that the chain of wake-ups leads to; <see cref="TimelineEvent.Interrupt"/>, or one of the kinds of
/// interrupts, where it leads to none, and <see cref="TimelineEvent.UnknownThread"/> where there were too many to be told apart.
/// </param>
/// <param name="Cause">What that thread did meanwhile.</param>
/// <param name="Time">How long.</param>
public readonly record struct BlockedShare(int Waker, BlockedFor Cause, Duration Time)
{
    /// <summary>
    /// Threads of the process that slept in between, each waiting for the next, the one that ended the driving thread's sleep
    /// first; none where that is the waker itself.
    /// </summary>
    public IReadOnlyList<int> Via { get => field ?? []; init; }

    /// <summary>
    /// Of a thread that ran: true where it did so on behalf of those that waited, because one of them had woken it from its last
    /// sleep, or because it is a worker of the compute library. One that ran on its own account held what they waited for, for
    /// example a lock. Of asynchronous work: true where it was that of the unit itself. Of anything else: true where the thread
    /// that ended the first sleep had been woken on behalf of the driving thread since that began to work on the unit, or where
    /// there is none.
    /// </summary>
    public bool IsAsked { get; init; }
}

/// <summary>What the blocked time of a unit that has not ended yet waited for.</summary>
/// <remarks>
/// A unit has a handful of shares and ways, and at most as many as fit into a byte: each is one number, and those are looked through.
/// Hash tables took half of the time of following a chain, and most of its memory.
/// </remarks>
internal sealed class OpenBlocked
{
    /// <summary>No thread is in between.</summary>
    public const int Direct = 0;

    // A unit that lasts for minutes may be woken by thousands of short-lived processes.
    private const int MostShares = 256;
    private const int MostWays = 256;
    private const int First = 8;

    // A share is the way to a thread, that thread, what it did, and whether it had been asked to.
    private long[] _shares = [];
    private Duration[] _times = [];
    private int _sharesFound;

    // A way leads through sleeping threads: it is an earlier one and one more thread. The first is the empty one.
    private long[] _ways = [];
    private int _waysFound = 1;

    /// <summary>The way that goes on from another one through a thread; where there are too many, only to that thread.</summary>
    public int Through(int via, int thread)
    {
        long way = Pack(via, thread);
        int place = _ways.Length == 0 ? -1 : _ways.AsSpan(1, _waysFound - 1).IndexOf(way);
        if (place >= 0) return place + 1;
        if (_waysFound == MostWays) return via;
        if (_waysFound >= _ways.Length) Array.Resize(ref _ways, Math.Max(First, _ways.Length * 2));
        _ways[_waysFound] = way;
        return _waysFound++;
    }

    public void Charge(int via, int waker, BlockedFor cause, Duration time, bool isAsked = false)
    {
        if (time <= Duration.Zero) return;
        int place = Find(Pack(via, waker, cause, isAsked));
        if (place < 0 && _sharesFound >= MostShares) place = Find(Pack(Direct, TimelineEvent.UnknownThread, cause, isAsked));
        if (place < 0) place = Add(_sharesFound >= MostShares ? Pack(Direct, TimelineEvent.UnknownThread, cause, isAsked) : Pack(via, waker, cause, isAsked));
        _times[place] += time;
    }

    /// <summary>True for a thread on a way.</summary>
    public bool IsOnWay(int via, int thread)
    {
        for (; via != Direct; via = Via(_ways[via]))
        {
            if (Thread(_ways[via]) == thread) return true;
        }

        return false;
    }

    /// <param name="blocked">All blocked time of the account: what was not charged is unexplained.</param>
    public BlockedAccount Close(Duration blocked)
    {
        if (blocked == Duration.Zero) return BlockedAccount.None;
        var shares = new BlockedShare[_sharesFound];
        var ways = new int[_waysFound][];
        for (int i = 0; i < shares.Length; i++)
        {
            long share = _shares[i];
            shares[i] = new BlockedShare(Thread(share), Cause(share), _times[i]) { Via = WayOf(Via(share), ways), IsAsked = IsAsked(share) };
        }

        return new BlockedAccount(shares, blocked);
    }

    private int Find(long share) => _shares.AsSpan(0, _sharesFound).IndexOf(share);

    private int Add(long share)
    {
        if (_sharesFound == _shares.Length)
        {
            int room = Math.Max(First, _sharesFound * 2);
            Array.Resize(ref _shares, room);
            Array.Resize(ref _times, room);
        }

        _shares[_sharesFound] = share;
        return _sharesFound++;
    }

    /// <summary>The threads of a way; shares that came the same way have the same list.</summary>
    private int[] WayOf(int via, int[][] ways) =>
        via == Direct ? [] : ways[via] ??= [.. WayOf(Via(_ways[via]), ways), Thread(_ways[via])];

    private static long Pack(int via, int thread, BlockedFor cause = default, bool isAsked = false) =>
        ((isAsked ? 1L : 0L) << 56) | ((long)cause << 48) | ((long)via << 32) | (uint)thread;

    private static int Thread(long packed) => (int)packed;

    private static int Via(long packed) => (int)(packed >> 32) & 0xFFFF;

    private static BlockedFor Cause(long packed) => (BlockedFor)((packed >> 48) & 0xFF);

    private static bool IsAsked(long packed) => packed >> 56 != 0;
}
