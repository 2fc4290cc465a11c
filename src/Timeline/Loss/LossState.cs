namespace Observatory.Timeline;

/// <summary>Which events are missing at the present place of the timeline. Nobody listens at first, so all are.</summary>
/// <remarks>Losses of one scope may overlap, so they are counted: it is complete when the last of them has ended.</remarks>
internal sealed class LossState
{
    private readonly Dictionary<LossScope, int> _losses = new() { [LossScope.Runtime] = 1, [LossScope.Scheduler] = 1 };

    /// <summary>True while suspensions and iterations may be missing.</summary>
    public bool Runtime => _losses.ContainsKey(LossScope.Runtime);

    /// <summary>True while nothing can be missing at all.</summary>
    public bool IsNone => _losses.Count == 0;

    /// <summary>True while no scheduler event can be missing anywhere.</summary>
    public bool SchedulerIsComplete => _losses.Count == (Runtime ? 1 : 0);

    /// <summary>True while switches of a CPU may be missing.</summary>
    public bool Hides(int cpu) =>
        _losses.ContainsKey(LossScope.Scheduler) || _losses.ContainsKey(LossScope.Cpu(cpu));

    /// <summary>
    /// True when the present state of a thread is certain. With one CPU's events missing, a thread that runs on another
    /// is still known to run there; one that waits could have been taken in by the CPU nobody sees.
    /// </summary>
    public bool IsCertain(ThreadTrack thread) =>
        SchedulerIsComplete
        || (thread is { State: ThreadState.Running, Cpu: >= 0 }
            && !Hides(thread.Cpu));

    public void Begin(LossScope scope) => _losses[scope] = _losses.GetValueOrDefault(scope) + 1;

    public void End(LossScope scope)
    {
        if (!_losses.Remove(scope, out int count) || count == 1) return;
        _losses.Add(scope, count - 1);
    }
}
