namespace Observatory.Timeline;

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
