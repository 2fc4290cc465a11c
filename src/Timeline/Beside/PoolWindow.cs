namespace Observatory.Timeline;

/// <summary>What the pool had done when an iteration began, to be taken from what it has done at its end.</summary>
internal sealed class PoolWindow(StateTimes[] atBeginning, Duration counted, Timestamp began, int threads)
{
    private int _mostThreads = threads;

    /// <summary>A reading of the counted time, but not before the window.</summary>
    public Duration Inside(Duration from) => from > counted ? from : counted;

    /// <summary>So many threads are known now.</summary>
    public void Count(int threads) => _mostThreads = Math.Max(_mostThreads, threads);

    /// <summary>
    /// Time from a reading of the counted time on was another slot's: what of it lies before the window was, too.
    /// </summary>
    public void Move(Duration from, ThreadRole role, AccountState state, ThreadRole toRole, AccountState toState)
    {
        if (from >= counted) return;
        atBeginning[(int)role][state] -= counted - from;
        atBeginning[(int)toRole][toState] += counted - from;
    }

    public PoolAccount Close(StateTimes[] atEnd, Timestamp ended)
    {
        for (int role = 0; role < atEnd.Length; role++)
        {
            for (int state = 0; state < StateTimes.Length; state++) atEnd[role][state] -= atBeginning[role][state];
        }

        return new PoolAccount(atEnd, _mostThreads, ended - began);
    }
}
