namespace Observatory.Workload;

/// <summary>The order in which a pass visits the configurations.</summary>
internal enum SweepOrder
{
    /// <summary>
    /// Another order each pass, so that a machine that drifts does not look like a size that scales badly.
    /// </summary>
    Shuffled,

    /// <summary>Batch, then sequence, then dimension, as listed.</summary>
    Listed,
}
