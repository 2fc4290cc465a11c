namespace Observatory.Timeline;

/// <summary>
/// The blocked time of an account, split by what it waited for: one level deep, by following who woke the thread.
/// </summary>
/// <remarks>Its total is exactly <see cref="AccountState.Blocked"/> of the account it stands beside.</remarks>
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
    public Duration this[BlockedFor cause] => cause == BlockedFor.Unexplained
        ? Total - Sum(_ => true)
        : Sum(share => share.Cause == cause);

    /// <summary>The largest part that is explained; null where nothing is.</summary>
    public BlockedShare? Main => Shares.Count == 0 ? null : Shares.MaxBy(share => share.Time);

    /// <summary>Blocked, and nobody knows for what.</summary>
    internal static BlockedAccount Unexplained(Duration total) => total == Duration.Zero ? None : new([], total);

    private Duration Sum(Func<BlockedShare, bool> isMeant) =>
        new(Shares.Where(isMeant).Sum(share => share.Time.Nanoseconds));
}
