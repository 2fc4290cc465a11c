namespace Observatory.Collector;

/// <summary>One generation at the end of a collection, all heaps together. Bytes.</summary>
/// <param name="Name"><c>gen0</c>, <c>gen1</c>, <c>gen2</c>, <c>loh</c> or <c>poh</c>.</param>
/// <param name="Size">Its size, gaps included.</param>
/// <param name="Fragmentation">The gaps.</param>
/// <param name="SurvivedPinned">What survived where it was because it was pinned, or next to something that was.</param>
/// <param name="SurvivedOther">What else survived.</param>
internal readonly record struct GenerationAfter(string Name, long Size, long Fragmentation, long SurvivedPinned, long SurvivedOther)
{
    /// <summary>The generations, in the order of the runtime's own numbers.</summary>
    public static readonly string[] Names = ["gen0", "gen1", "gen2", "loh", "poh"];
}
