namespace Observatory.Collector;

/// <summary>
/// How long a thread that looks again and again pauses between two looks: short while it finds much, and longer while it finds little, because
/// each look wakes a CPU. What fills a ring or an inbox wakes its reader earlier, so a longer pause loses nothing.
/// </summary>
internal sealed class Rhythm
{
    /// <summary>The pause while much happens.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);

    /// <summary>The pause while little happens: two threads in a row still show it within half a second.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    /// <summary>Events a second that are little: on a machine with two CPUs that does nothing there are some hundred.</summary>
    private const double Few = 1_000;

    /// <summary>How long to wait for the next look.</summary>
    public TimeSpan Pause { get; private set; } = Shortest;

    /// <summary>A look has found so many events, which came in the last pause.</summary>
    public void Found(long events)
    {
        TimeSpan longer = Pause * 2 < Longest ? Pause * 2 : Longest;
        Pause = events > Few * Pause.TotalSeconds ? Shortest : longer;
    }
}
