namespace Observatory.Kernel;

/// <summary>Translates thread ids of the initial pid namespace, which tracepoints write, into the caller's own.</summary>
/// <remarks>
/// <para>
/// Nothing in a container tells the one from the other, except a waking sample: it names its waker in both. A thread
/// is therefore known once it has woken another, or an interrupt has done so in its name.
/// </para>
/// <para>
/// Rings are read one after the other, so what is told comes in no order: ids that were given to another thread meanwhile may be
/// told by the old thread's records after the new one's. The time of a record decides whose it is, and not when it was read.
/// A thread that has ended is kept until the second <see cref="DropEnded"/> after that, for the records of other rings.
/// </para>
/// </remarks>
internal sealed class ThreadIdMap(bool isInitialNamespace)
{
    public const int Unknown = 0;

    private readonly Dictionary<int, ThreadLife> _byInitial = [];
    private readonly Dictionary<int, ThreadLife> _byOwn = [];
    private List<ThreadLife> _ended = [];
    private List<ThreadLife> _endedBefore = [];

    public bool IsInitialNamespace => isInitialNamespace;

    /// <summary>Threads known, those included that have ended lately.</summary>
    public int Count => _byInitial.Count;

    /// <param name="initialId">A thread's id in the initial namespace.</param>
    /// <param name="ownId">The same thread's in the caller's own; 0 when it is outside, -1 when it is exiting.</param>
    /// <param name="at">Time of the record that tells it.</param>
    public void Learn(int initialId, int ownId, long at)
    {
        if (isInitialNamespace) return;
        ThreadLife? known = _byInitial.GetValueOrDefault(initialId);
        if (ownId <= 0)
        {
            // Whoever had the id here has it no longer.
            if (known is not null && at > known.Last) End(known, at);
        }
        else if (known is null || (known.Own != ownId && at > known.Last))
        {
            Begin(new ThreadLife(initialId, ownId, at, known));
        }
        else if (!known.TryExtend(ownId, at) && at < known.First && known.Before?.TryExtend(ownId, at) != true)
        {
            if (known.Before is null || at > known.Before.Last) known.Before = new ThreadLife(initialId, ownId, at, before: null);
        }
    }

    /// <summary>A thread ended: both its ids are free again.</summary>
    /// <param name="ownId">Its id in the caller's namespace.</param>
    /// <param name="at">Time of the record that tells it.</param>
    public void Forget(int ownId, long at)
    {
        // Earlier than anything that is known of this one, it is the end of the thread that had the id before.
        if (_byOwn.TryGetValue(ownId, out ThreadLife? life) && at >= life.First) End(life, at);
    }

    /// <param name="initialId">A thread's id in the initial namespace.</param>
    /// <param name="at">When it had that id.</param>
    /// <returns>The id in the caller's namespace, or <see cref="Unknown"/>.</returns>
    public int Translate(int initialId, long at)
    {
        if (isInitialNamespace) return initialId;
        if (!_byInitial.TryGetValue(initialId, out ThreadLife? life) || at > life.Until) return Unknown;
        if (at >= life.First || life.Before is null) return life.Own;
        // Between what two threads told, the id may have been either's.
        return life.Before.Has(at) ? life.Before.Own : Unknown;
    }

    /// <summary>All rings were read once more: threads that had ended before they were read the last time are forgotten.</summary>
    public void DropEnded()
    {
        foreach (ThreadLife life in _endedBefore)
        {
            Remove(_byInitial, life.Initial, life);
            Remove(_byOwn, life.Own, life);
        }

        _endedBefore.Clear();
        (_ended, _endedBefore) = (_endedBefore, _ended);
    }

    private static void Remove(Dictionary<int, ThreadLife> lives, int id, ThreadLife life)
    {
        if (lives.GetValueOrDefault(id) == life) lives.Remove(id);
    }

    private void Begin(ThreadLife life)
    {
        _byInitial[life.Initial] = life;
        if (_byOwn.TryGetValue(life.Own, out ThreadLife? other) && other.Last > life.First)
        {
            // It is the other that has the own id now.
            End(life, other.First);
            return;
        }

        if (other is not null) End(other, life.First);
        _byOwn[life.Own] = life;
    }

    private void End(ThreadLife life, long at)
    {
        if (life.Until == long.MaxValue) _ended.Add(life);
        life.Until = Math.Min(life.Until, at);
    }

    /// <summary>A thread, as far as records have told of both its ids.</summary>
    private sealed class ThreadLife(int initial, int own, long at, ThreadLife? before)
    {
        public readonly int Initial = initial;
        public readonly int Own = own;

        /// <summary>The earliest and the latest record that told both.</summary>
        public long First = at;
        public long Last = at;

        /// <summary>It ended, or one of its ids was another's by then.</summary>
        public long Until = long.MaxValue;

        /// <summary>The thread that had the initial id before it.</summary>
        public ThreadLife? Before = WithoutBefore(before);

        public bool Has(long at) => at >= First && at <= Last;

        /// <returns>False for a record of another thread.</returns>
        public bool TryExtend(int own, long at)
        {
            if (own != Own) return false;
            (First, Last) = (Math.Min(First, at), Math.Max(Last, at));
            return true;
        }

        private static ThreadLife? WithoutBefore(ThreadLife? life)
        {
            if (life is not null) life.Before = null;
            return life;
        }
    }
}
