namespace Observatory.Timeline;

/// <summary>Which events are missing at the present place of the timeline. No stream has joined at first, so all are.</summary>
/// <remarks>Losses of one scope may overlap, so they are counted: it is complete when the last of them has ended.</remarks>
internal sealed class LossState
{
    private readonly Dictionary<LossScope, (int Count, IncompleteReasons Reasons)> _losses = [];

    // Losses that may hide any thread: of a CPU or of all.
    private int _wide;

    public LossState()
    {
        Begin(LossScope.Runtime, IncompleteReasons.NotJoined);
        Begin(LossScope.Scheduler, IncompleteReasons.NotJoined);
    }

    /// <summary>True while suspensions and iterations may be missing.</summary>
    public bool Runtime => _losses.ContainsKey(LossScope.Runtime);

    /// <summary>Why suspensions and iterations may be missing.</summary>
    public IncompleteReasons RuntimeReasons => _losses.GetValueOrDefault(LossScope.Runtime).Reasons;

    /// <summary>True while nothing can be missing at all.</summary>
    public bool IsNone => _losses.Count == 0;

    /// <summary>Scopes of which something is missing.</summary>
    public int Count => _losses.Count;

    /// <summary>True while switches of a CPU, or of the ring of one thread, may be missing.</summary>
    public bool Hides(int ring) =>
        _losses.ContainsKey(LossScope.Scheduler) || _losses.ContainsKey(new LossScope(ring));

    /// <summary>True while scheduler events of a thread may be missing, on whatever CPU.</summary>
    public bool MayHide(int thread) => _wide > 0 || _losses.ContainsKey(LossScope.Thread(thread));

    /// <summary>Why scheduler events of a thread may be missing.</summary>
    public IncompleteReasons ReasonsFor(int thread)
    {
        var reasons = IncompleteReasons.None;
        foreach ((LossScope scope, (_, IncompleteReasons why)) in _losses)
        {
            if (IsWide(scope) || scope == LossScope.Thread(thread)) reasons |= why;
        }

        return reasons;
    }

    /// <summary>
    /// True when the present state of a thread is certain. With one CPU's events missing, a thread that runs on another
    /// is still known to run there; one that waits could have been taken in by the CPU whose events are missing.
    /// </summary>
    public bool IsCertain(ThreadTrack thread) =>
        !MayHide(thread.Id)
        || (thread is { State: ThreadState.Running, Cpu: >= 0 }
            && !Hides(thread.Cpu));

    /// <summary>The losses that last.</summary>
    public IEnumerable<LossNow> Now => _losses.Select(loss => new LossNow(loss.Key, loss.Value.Count, loss.Value.Reasons));

    public LossState Copy()
    {
        var copy = new LossState { _wide = _wide };
        copy._losses.Clear();
        foreach ((LossScope scope, (int, IncompleteReasons) loss) in _losses) copy._losses.Add(scope, loss);
        return copy;
    }

    public void Begin(LossScope scope, IncompleteReasons why)
    {
        (int count, IncompleteReasons reasons) = _losses.GetValueOrDefault(scope);
        _losses[scope] = (count + 1, reasons | why);
        if (count == 0 && IsWide(scope)) _wide++;
    }

    public void End(LossScope scope)
    {
        if (!_losses.Remove(scope, out (int Count, IncompleteReasons Reasons) loss)) return;
        if (loss.Count > 1) _losses.Add(scope, (loss.Count - 1, loss.Reasons));
        else if (IsWide(scope)) _wide--;
    }

    private static bool IsWide(LossScope scope) => scope is { IsRuntime: false, IsThread: false };
}
