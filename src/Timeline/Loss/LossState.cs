namespace Observatory.Timeline;

/// <summary>Which events are missing at the present place of the timeline. Nobody listens at first, so all are.</summary>
internal sealed class LossState
{
    private readonly HashSet<int> _cpus = [];
    private bool _scheduler = true;

    /// <summary>True while suspensions and iterations may be missing.</summary>
    public bool Runtime { get; private set; } = true;

    /// <summary>True while no scheduler event can be missing anywhere.</summary>
    public bool SchedulerIsComplete => !_scheduler && _cpus.Count == 0;

    /// <summary>
    /// True when the present state of a thread is certain. With one CPU's events missing, a thread that runs on another
    /// is still known to run there; one that waits could have been taken in by the CPU nobody sees.
    /// </summary>
    public bool IsCertain(ThreadTrack thread) =>
        SchedulerIsComplete
        || (!_scheduler && thread.State == ThreadState.Running && thread.Cpu >= 0 && !_cpus.Contains(thread.Cpu));

    public void Begin(LossScope scope) => Set(scope, missing: true);

    public void End(LossScope scope) => Set(scope, missing: false);

    private void Set(LossScope scope, bool missing)
    {
        if (scope.IsRuntime) Runtime = missing;
        else if (scope == LossScope.Scheduler) _scheduler = missing;
        else if (missing) _cpus.Add(scope.Value);
        else _cpus.Remove(scope.Value);
    }
}
