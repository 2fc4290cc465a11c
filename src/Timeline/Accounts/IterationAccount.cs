namespace Observatory.Timeline;

/// <summary>One iteration and where its wall time went.</summary>
/// <param name="Thread">Kernel id of the driving thread.</param>
/// <param name="Iteration">Number of the iteration in its process.</param>
/// <param name="Configuration">Index of its configuration.</param>
/// <param name="Began">First instant.</param>
/// <param name="Ended">Last instant.</param>
/// <param name="Times">The split: its total is exactly <see cref="Wall"/>.</param>
/// <param name="Reasons">Why it is incomplete.</param>
public readonly record struct IterationAccount(
    int Thread,
    long Iteration,
    long Configuration,
    Timestamp Began,
    Timestamp Ended,
    StateTimes Times,
    IncompleteReasons Reasons)
{
    /// <summary>False when an event that could have changed the split is missing.</summary>
    public bool IsComplete => Reasons == IncompleteReasons.None;

    /// <summary>Wall time from beginning to end.</summary>
    public Duration Wall => Ended - Began;

    /// <summary>What stands beside the split.</summary>
    public IterationDetails Details { get => field ?? IterationDetails.None; init; }
}
