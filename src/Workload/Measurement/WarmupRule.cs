using Observatory.Hosting;

namespace Observatory.Workload;

/// <summary>Iterations before those that are recorded.</summary>
/// <param name="Least">At least so many.</param>
/// <param name="UntilStable">More, until they have stopped becoming faster.</param>
internal readonly record struct WarmupChoice(int Least, bool UntilStable)
{
    /// <summary>Reads a number of iterations, or <c>auto</c>.</summary>
    public static readonly ValueParser<WarmupChoice> Parser = new("a whole number of at least 0, or auto", (text, out choice) =>
    {
        bool stable = text.Equals("auto", StringComparison.OrdinalIgnoreCase);
        int least = 1;
        bool isNumber = !stable && Values.WholeNumber(0).TryParse(text, out least);
        choice = new WarmupChoice(least, stable);
        return stable || isNumber;
    });
}

/// <summary>
/// When a visit has warmed up. At least <paramref name="least"/> iterations; and when it is to be stable, until
/// <see cref="Steady"/> iterations in a row have not been faster than the fastest before them by more than
/// <see cref="Gain"/>, though not beyond <see cref="Most"/> iterations or <see cref="LongestNs"/>.
/// </summary>
/// <remarks>
/// Caches, pages and clocks that warm up make iterations faster. Something that comes between makes them slower: that
/// must not prolong the warm-up, so only gains do.
/// </remarks>
internal sealed class WarmupRule(int least, bool stable)
{
    public const int Steady = 2;
    public const double Gain = 0.02;
    public const int Most = 50;
    public const long LongestNs = 1_000_000_000;

    private int _count;
    private int _steady;
    private long _total;
    private long _fastest = long.MaxValue;

    /// <summary>No further iteration is needed.</summary>
    public bool IsDone => _count >= least && (!stable || _steady >= Steady || _count >= Most || _total >= LongestNs);

    /// <param name="nanoseconds">Duration of one iteration of warm-up.</param>
    public void Add(long nanoseconds)
    {
        bool gained = nanoseconds < _fastest * (1 - Gain);
        _steady = gained ? 0 : _steady + 1;
        _fastest = Math.Min(_fastest, nanoseconds);
        _total += nanoseconds;
        _count++;
    }
}
