namespace Observatory.Collector;

/// <summary>A collection that has begun.</summary>
/// <param name="Number">Counts collections of the process.</param>
/// <param name="Generation">The oldest generation that is collected.</param>
/// <param name="Reason">Why, in lower case with underscores.</param>
/// <param name="Kind"><c>blocking</c>, <c>background</c>, or <c>foreground</c>: during one in the background.</param>
internal readonly record struct GcCollection(int Number, int Generation, string Reason, string Kind)
{
    public const string Background = "background";
}
