namespace Observatory.Timeline.Tests;

/// <summary>The process that the simulated machine's events are of.</summary>
internal static class StoryLine
{
    public const int Target = 1;
}
