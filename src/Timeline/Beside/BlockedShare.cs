namespace Observatory.Timeline;

/// <summary>A part of the time in which the driving thread was blocked.</summary>
/// <param name="Waker">
/// Kernel id of the thread that ended it; <see cref="TimelineEvent.Interrupt"/> where no thread did, and
/// <see cref="TimelineEvent.UnknownThread"/> where wakers were too many to be told apart.
/// </param>
/// <param name="Cause">What went on meanwhile.</param>
/// <param name="Time">How long.</param>
public readonly record struct BlockedShare(int Waker, BlockedFor Cause, Duration Time);
