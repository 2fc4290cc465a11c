namespace Observatory.Timeline;

/// <summary>
/// The blocked time of an account, split by what it waited for: one level deep, by following who woke the thread.
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

/// <summary>What went on while the driving thread was blocked: what its waker did in that time, or what else woke it.</summary>
public enum BlockedFor
{
    /// <summary>A thread of the same process, the later waker, ran.</summary>
    Running,

    /// <summary>The later waker had lost its CPU and wanted it back.</summary>
    Preempted,

    /// <summary>The later waker had been woken itself and waited for a CPU.</summary>
    Waking,

    /// <summary>The later waker slept: what it waited for is not followed any further.</summary>
    Sleeping,

    /// <summary>A thread of another process was the waker; what it did is not followed.</summary>
    OtherProcess,

    /// <summary>An interrupt was the waker: a timer that ran out, or a device.</summary>
    Interrupt,

    /// <summary>The waker, or what it did, is not known.</summary>
    Unexplained,
}

/// <summary>A part of the time in which the driving thread was blocked.</summary>
/// <param name="Waker">
/// Kernel id of the thread that ended it; <see cref="TimelineEvent.Interrupt"/> where no thread did, and
/// <see cref="TimelineEvent.UnknownThread"/> where wakers were too many to be told apart.
/// </param>
/// <param name="Cause">What went on meanwhile.</param>
/// <param name="Time">How long.</param>
public readonly record struct BlockedShare(int Waker, BlockedFor Cause, Duration Time);

/// <summary>What the blocked time of an iteration that has not ended yet waited for.</summary>
internal sealed class OpenBlocked
{
    // An iteration that lasts for minutes may be woken by thousands of short-lived processes.
    private const int MostShares = 256;
    private Dictionary<(int Waker, BlockedFor Cause), Duration>? _shares;

    public void Charge(int waker, BlockedFor cause, Duration time)
    {
        if (time <= Duration.Zero) return;
        _shares ??= [];
        if (_shares.Count >= MostShares && !_shares.ContainsKey((waker, cause))) waker = TimelineEvent.UnknownThread;
        _shares[(waker, cause)] = _shares.GetValueOrDefault((waker, cause)) + time;
    }

    /// <param name="blocked">All blocked time of the account: what was not charged is unexplained.</param>
    public BlockedAccount Close(Duration blocked)
    {
        if (blocked == Duration.Zero) return BlockedAccount.None;
        return new BlockedAccount([.. (_shares ?? []).Select(pair => new BlockedShare(pair.Key.Waker, pair.Key.Cause, pair.Value))], blocked);
    }
}
