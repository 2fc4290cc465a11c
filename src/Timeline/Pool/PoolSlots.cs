namespace Observatory.Timeline;

/// <summary>Time of a number of threads by role and state, while the clocks run.</summary>
/// <remarks>
/// A slot holds how many threads are in it and the readings of its clock at which they came, summed up: what they have
/// spent there is one multiplication at the time of reading, and a change of one thread touches two slots, however many
/// threads there are. Sums may wrap; differences do not.
/// </remarks>
internal sealed class PoolSlots(AccountClock clock)
{
    /// <summary>Number of roles.</summary>
    public const int Roles = 5;

    /// <summary>Number of slots: the states of one role stand side by side.</summary>
    public const int Length = Roles * StateTimes.ThreadStates;

    private readonly long[] _past = new long[Length];
    private readonly long[] _inState = new long[Length];
    private readonly long[] _threads = new long[Roles];

    /// <summary>Threads at this moment.</summary>
    public int Threads { get; private set; }

    /// <summary>The slot of a role and a state.</summary>
    public static int SlotAt(ThreadRole role, AccountState state) => ((int)role * StateTimes.ThreadStates) + (int)state;

    /// <summary>A thread is there from now on, its suspensions and the losses of the runtime charged by themselves.</summary>
    public void Appear(ThreadRole role) => Change(role, 1);

    public void Disappear(ThreadRole role) => Change(role, -1);

    /// <summary>A thread is in a state since a reading of the counted time.</summary>
    public void Enter(ThreadRole role, AccountState state, Duration counted) => Put(role, state, counted, 1);

    /// <summary>Takes back that it is there, with all the time it has spent since.</summary>
    public void Withdraw(ThreadRole role, AccountState state, Duration counted) => Put(role, state, counted, -1);

    /// <summary>Charges time that is over.</summary>
    public void Charge(ThreadRole role, AccountState state, Duration time) => _past[SlotAt(role, state)] += time.Nanoseconds;

    /// <summary>Nanoseconds by slot up to now.</summary>
    public void Read(Span<long> times)
    {
        long counted = clock.Counted.Nanoseconds;
        for (int slot = 0; slot < Length; slot++) times[slot] = _past[slot] + (_inState[slot] * counted);
        for (int role = 0; role < Roles; role++)
        {
            times[SlotAt((ThreadRole)role, AccountState.Gc)] += _threads[role] * clock.Suspended.Nanoseconds;
            times[SlotAt((ThreadRole)role, AccountState.Unknown)] += _threads[role] * clock.Lost.Nanoseconds;
        }
    }

    /// <summary>Times by role.</summary>
    public static StateTimes[] ByRole(ReadOnlySpan<long> slots)
    {
        var times = new StateTimes[Roles];
        for (int slot = 0; slot < Length; slot++)
            times[slot / StateTimes.ThreadStates][(AccountState)(slot % StateTimes.ThreadStates)] = new Duration(slots[slot]);
        return times;
    }

    private void Change(ThreadRole role, int by)
    {
        Threads += by;
        _threads[(int)role] += by;
        _past[SlotAt(role, AccountState.Gc)] -= by * clock.Suspended.Nanoseconds;
        _past[SlotAt(role, AccountState.Unknown)] -= by * clock.Lost.Nanoseconds;
    }

    private void Put(ThreadRole role, AccountState state, Duration counted, int by)
    {
        int slot = SlotAt(role, state);
        _inState[slot] += by;
        _past[slot] -= by * counted.Nanoseconds;
    }
}
