namespace Observatory.Timeline;

/// <summary>What a group of counters of the processor, or of the kernel, counted of the driving thread inside an iteration.</summary>
/// <param name="Set">Name of the set of counters.</param>
/// <param name="Names">Names of its counters.</param>
/// <param name="Values">What each counted, scaled to the whole time; null for one that the machine lacks.</param>
/// <param name="CountedShare">
/// The part of its time on a CPU in which the thread had the counters, 0 to 1. Below 1 others shared them, and the values
/// are scaled up from that part.
/// </param>
public sealed record CountedEvents(
    string Set, IReadOnlyList<string> Names, IReadOnlyList<long?> Values, double CountedShare);
