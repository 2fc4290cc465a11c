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

    private readonly StateTimes[] _past = new StateTimes[Roles];
    private readonly long[,] _inState = new long[Roles, StateTimes.Length];
    private readonly long[] _threads = new long[Roles];

    /// <summary>Threads at this moment.</summary>
    public int Threads { get; private set; }

    /// <summary>A thread is there from now on, its suspensions and the losses of the runtime charged by themselves.</summary>
    public void Appear(ThreadRole role) => Change(role, 1);

    public void Disappear(ThreadRole role) => Change(role, -1);

    /// <summary>A thread is in a state since a reading of the counted time.</summary>
    public void Enter(ThreadRole role, AccountState state, Duration counted) => Put(role, state, counted, 1);

    /// <summary>Takes back that it is there, with all the time it has spent since.</summary>
    public void Withdraw(ThreadRole role, AccountState state, Duration counted) => Put(role, state, counted, -1);

    /// <summary>Charges time that is over.</summary>
    public void Charge(ThreadRole role, AccountState state, Duration time) => _past[(int)role][state] += time;

    /// <summary>Times by role up to now.</summary>
    public StateTimes[] Read()
    {
        var times = (StateTimes[])_past.Clone();
        for (int role = 0; role < Roles; role++)
        {
            for (int state = 0; state < StateTimes.Length; state++)
            {
                times[role][state] += _inState[role, state] * clock.Counted.Nanoseconds;
            }

            times[role][AccountState.Gc] += new Duration(_threads[role] * clock.Suspended.Nanoseconds);
            times[role][AccountState.Unknown] += new Duration(_threads[role] * clock.Lost.Nanoseconds);
        }

        return times;
    }

    private void Change(ThreadRole role, int by)
    {
        Threads += by;
        _threads[(int)role] += by;
        _past[(int)role][AccountState.Gc] -= new Duration(by * clock.Suspended.Nanoseconds);
        _past[(int)role][AccountState.Unknown] -= new Duration(by * clock.Lost.Nanoseconds);
    }

    private void Put(ThreadRole role, AccountState state, Duration counted, int by)
    {
        _inState[(int)role, (int)state] += by;
        _past[(int)role][state] -= new Duration(by * counted.Nanoseconds);
    }
}
