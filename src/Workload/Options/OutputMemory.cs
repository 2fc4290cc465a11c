namespace Observatory.Workload;

/// <summary>Where an operation writes what it computed.</summary>
internal enum OutputMemory
{
    /// <summary>Into memory that was allocated before: the computation alone is timed.</summary>
    Reused,

    /// <summary>
    /// Into memory that each iteration allocates, as code does that does not think of it: allocator and page faults are
    /// timed too.
    /// </summary>
    Fresh,
}
