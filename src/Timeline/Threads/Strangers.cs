namespace Observatory.Timeline;

/// <summary>Wake-ups of threads that nobody could name: whoever has slept since may be meant.</summary>
internal sealed class Strangers
{
    private Timestamp? _woken;

    /// <summary>True when there was one.</summary>
    public bool Any => _woken is not null;

    public void Wake(Timestamp at) => _woken = at;

    /// <summary>True for a thread that seems asleep, but may be the one that was woken since.</summary>
    public bool MayInclude(ThreadTrack track) => track.State == ThreadState.Blocked && _woken >= track.Since;
}
