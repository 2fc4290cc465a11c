namespace Observatory.Study;

/// <summary>What larger batches do to tokens per second, within the sizes measured.</summary>
internal enum BatchingShape
{
    /// <summary>Fewer than three batch sizes, too few samples, or too much noise.</summary>
    CannotBeTold,

    /// <summary>No batch size is clearly worse than the best, and none by much: none helps.</summary>
    Flat,

    /// <summary>The smallest batch size is as good as the best, and some larger ones are clearly worse.</summary>
    Falls,

    /// <summary>It helps up to a batch size below the largest.</summary>
    Saturates,

    /// <summary>The largest batch size is clearly better than every other.</summary>
    StillRising,
}
