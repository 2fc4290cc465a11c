namespace Observatory.Timeline;

/// <summary>The two kinds of streams that meet on the timeline. Each says how far it is complete.</summary>
public enum StreamKind
{
    /// <summary>Events of the target's runtime: suspensions and iterations.</summary>
    Runtime,

    /// <summary>Events of the kernel's scheduler, all CPUs.</summary>
    Scheduler,
}
