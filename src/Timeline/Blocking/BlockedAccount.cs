using System.Runtime.InteropServices;

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
internal sealed class OpenBlocked
{
    /// <summary>No thread is in between.</summary>
    public const int Direct = 0;

    // A unit that lasts for minutes may be woken by thousands of short-lived processes.
    private const int MostShares = 256;
    private const int MostWays = 256;
    private Dictionary<(int Via, int Waker, BlockedFor Cause, bool IsAsked), Duration>? _shares;

    // Ways through sleeping threads, each one thread longer than an earlier one; the first is the empty one.
    private Dictionary<(int Via, int Thread), int>? _places;
    private List<(int Via, int Thread)>? _ways;

    /// <summary>The way that goes on from another one through a thread; where there are too many, only to that thread.</summary>
    public int Through(int via, int thread)
    {
        _places ??= [];
        _ways ??= [default];
        if (_places.TryGetValue((via, thread), out int place)) return place;
        if (_ways.Count >= MostWays) return via;
        _places.Add((via, thread), _ways.Count);
        _ways.Add((via, thread));
        return _ways.Count - 1;
    }

    public void Charge(int via, int waker, BlockedFor cause, Duration time, bool isAsked = false)
    {
        if (time <= Duration.Zero) return;
        _shares ??= [];
        if (_shares.Count >= MostShares && !_shares.ContainsKey((via, waker, cause, isAsked))) (via, waker) = (Direct, TimelineEvent.UnknownThread);
        ref Duration charged = ref CollectionsMarshal.GetValueRefOrAddDefault(_shares, (via, waker, cause, isAsked), out _);
        charged += time;
    }

    /// <summary>True for a thread on a way.</summary>
    public bool IsOnWay(int via, int thread)
    {
        for (; via != Direct; via = _ways![via].Via)
        {
            if (_ways![via].Thread == thread) return true;
        }

        return false;
    }

    /// <param name="blocked">All blocked time of the account: what was not charged is unexplained.</param>
    public BlockedAccount Close(Duration blocked)
    {
        if (blocked == Duration.Zero) return BlockedAccount.None;
        return new BlockedAccount(
            [.. (_shares ?? []).Select(pair => new BlockedShare(pair.Key.Waker, pair.Key.Cause, pair.Value)
            {
                Via = WayOf(pair.Key.Via), IsAsked = pair.Key.IsAsked,
            })],
            blocked);
    }

    private int[] WayOf(int via)
    {
        if (via == Direct) return [];
        List<int> way = [];
        for (; via != Direct; via = _ways![via].Via) way.Insert(0, _ways![via].Thread);
        return [.. way];
    }
}
