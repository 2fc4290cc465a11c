namespace Observatory.Collector;

/// <summary>The whole managed heap at the end of a collection.</summary>
/// <param name="Promoted">Bytes that moved on to the next generation, by the generation they came from.</param>
/// <param name="PinnedObjects">Objects that were pinned.</param>
/// <param name="Handles">Handles that exist.</param>
internal readonly record struct HeapAfter(IReadOnlyList<long> Promoted, int PinnedObjects, int Handles);
