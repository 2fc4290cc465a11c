namespace Observatory.Timeline;

/// <summary>
/// The chain of one CPU: the thread that leaves it must be the one that came last. A break proves that records are missing even
/// where the kernel counted no loss.
/// </summary>
/// <remarks>
/// <code>
///            in(T)                    in(T)
///   unknown -------> held by T  idle -------> held by T
///      ^  out(any)       | out(T)  ^
///      |  -> idle        +---------+
///      +-- MarkUnknown() in(any), out(other) : broken
/// </code>
/// </remarks>
internal sealed class SwitchChain
{
    private const int Unknown = -1;
    private const int Empty = -2;
    private int _holder = Unknown;
    private int _holderProcess;

    /// <summary>Time of the newest record of this CPU.</summary>
    public Timestamp Newest { get; private set; }

    /// <summary>Time of the newest switch: where the chain breaks, everything since then is in doubt.</summary>
    public Timestamp NewestSwitch { get; private set; }

    /// <summary>Takes note of a record of this CPU that is not a switch.</summary>
    public void Touch(Timestamp at) => Newest = Timestamp.Later(Newest, at);

    /// <summary>Says that records may be missing: the present holder of the CPU is not known.</summary>
    public void MarkUnknown() => _holder = Unknown;

    /// <summary>
    /// Gives the last record of an exiting thread, which no longer carries an id, to the thread that came last.
    /// </summary>
    public TimelineEvent Identify(TimelineEvent change) =>
        change.Thread >= 0 || change.Kind == EventKind.SwitchIn || _holder < 0
            ? change
            : TimelineEvent.Exited(change.At, change.Cpu, _holder, _holderProcess);

    /// <summary>Adds a switch. False when it does not follow from the one before.</summary>
    public bool Follow(in TimelineEvent change)
    {
        bool comes = change.Kind == EventKind.SwitchIn;
        bool follows = _holder == Unknown || (comes ? _holder == Empty : _holder == change.Thread);
        _holder = comes ? change.Thread : Empty;
        _holderProcess = change.Process;
        Touch(change.At);
        NewestSwitch = Newest;
        return follows;
    }
}
