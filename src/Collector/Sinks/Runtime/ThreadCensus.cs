namespace Observatory.Collector;

/// <summary>Which threads came and went, and of which kind: what the runtime tells against what /proc lists.</summary>
/// <remarks>
/// The runtime tells of each managed thread, a second or more late; /proc lists all threads, but a short life falls
/// between two looks. So a listed thread that the runtime has not told of for some looks is native, and a told one that
/// is not listed has ended. A native thread that lives less than a second is not counted. For any thread.
/// </remarks>
internal sealed class ThreadCensus
{
    /// <summary>Looks after which the runtime would have told.</summary>
    public const int Patience = 10;

    private readonly Lock _entry = new();
    private readonly Dictionary<int, Life> _lives = [];
    private bool _hasLooked;

    /// <summary>Threads that began while observed.</summary>
    public ThreadCounts Started { get; } = new();

    /// <summary>Threads that ended while observed; those that were there before are of unknown kind.</summary>
    public ThreadCounts Ended { get; } = new();

    /// <summary>The runtime tells of a managed thread.</summary>
    public void Told(int thread)
    {
        lock (_entry)
        {
            Started.Managed++;
            if (_lives.TryGetValue(thread, out Life? life) && life.Kind == ThreadKind.Undecided) life.Kind = ThreadKind.Managed;
            else _lives[thread] = new Life { Kind = ThreadKind.Managed };
        }
    }

    /// <summary>/proc lists the threads that live.</summary>
    public void Look(IReadOnlyCollection<int> listed)
    {
        lock (_entry)
        {
            foreach (int thread in listed)
            {
                if (!_lives.ContainsKey(thread))
                    _lives.Add(thread, new Life { Kind = _hasLooked ? ThreadKind.Undecided : ThreadKind.Unknown });
            }

            HashSet<int> alive = [.. listed];
            foreach ((int thread, Life life) in _lives.ToArray()) Age(thread, life, alive.Contains(thread));
            _hasLooked = true;
        }
    }

    private void Age(int thread, Life life, bool isAlive)
    {
        life.Looks++;
        if (life.Kind == ThreadKind.Undecided && life.Looks >= Patience)
        {
            life.Kind = ThreadKind.Native;
            Started.Native++;
        }

        // One look of grace: the runtime may tell of a thread before it is listed.
        if (isAlive || life.Kind == ThreadKind.Undecided || life.Looks < 2) return;
        _lives.Remove(thread);
        Ended.Add(life.Kind);
    }

    private sealed class Life
    {
        public ThreadKind Kind { get; set; }

        public int Looks { get; set; }
    }
}
