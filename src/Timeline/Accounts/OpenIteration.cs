namespace Observatory.Timeline;

/// <summary>The account of an iteration that has not ended yet.</summary>
/// <remarks>
/// Time is settled up to every change of anything. What belongs to the thread's own state stays pending until that
/// state ends, because only then is it certain what it was (see <see cref="ThreadTrack"/>).
/// </remarks>
internal sealed class OpenIteration(int thread, long iteration, long configuration, Timestamp began, Timestamp place)
{
    private StateTimes _times;
    private Duration _pending;
    private Timestamp _settled = place;
    private readonly bool _beganLate = began < place;
    private bool _complete = true;

    /// <summary>Number of the iteration.</summary>
    public long Iteration => iteration;

    /// <summary>Charges the time since the last settlement, up to now, to the states that hold now.</summary>
    public void Settle(Timestamp now, ThreadState state, bool suspended, bool runtimeLost)
    {
        Duration passed = now - _settled;
        _settled = now;
        if (runtimeLost) _times[AccountState.Unknown] += passed;
        else if (suspended) _times[AccountState.Gc] += passed;
        else if (state == ThreadState.Unknown) _times[AccountState.Unknown] += passed;
        else _pending += passed;
    }

    /// <summary>The thread's state ended, and this is what it was.</summary>
    public void Commit(ThreadState was)
    {
        _times[Map(was)] += _pending;
        _pending = Duration.Zero;
    }

    /// <summary>Something that concerns this iteration is missing.</summary>
    public void MarkIncomplete() => _complete = false;

    /// <summary>Ends the iteration, settled and committed up to its end.</summary>
    /// <param name="ended">The true end.</param>
    /// <param name="late">True when the end came after the timeline had been told up to its time.</param>
    public IterationAccount Close(Timestamp ended, bool late)
    {
        bool inPlace = !_beganLate && !late;
        if (!inPlace)
        {
            // Changes were charged against other boundaries than the true ones: only the length is still certain.
            _times = default;
            _times[AccountState.Unknown] = ended - began;
        }

        bool complete = _complete && inPlace && _times[AccountState.Unknown] == Duration.Zero;
        return new IterationAccount(thread, iteration, configuration, began, ended, _times, complete);
    }

    private static AccountState Map(ThreadState state) => state switch
    {
        ThreadState.Running => AccountState.Running,
        ThreadState.Preempted => AccountState.Preempted,
        ThreadState.Waking => AccountState.Waking,
        ThreadState.Blocked => AccountState.Blocked,
        _ => AccountState.Unknown,
    };
}
