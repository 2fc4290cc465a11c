using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Tells when the observer has started: its code is compiled, and what it costs from now on is what it costs.</summary>
/// <remarks>
/// <code>
/// starting --[compiled for less than 2 % of a second]--> started
///          --[10 s]------------------------------------> started
/// </code>
/// A new process compiles each of its methods when that is first called, and the ones that are called often once more. This
/// takes some seconds of CPU once, whatever is observed and for how long. A second program that is observed by the same
/// process finds the code compiled. What still goes on after ten seconds is no start.
/// </remarks>
internal sealed class ObserverStart
{
    private const double Restless = 0.02;
    private static readonly Duration Look = Duration.FromMilliseconds(1_000);
    private static readonly Duration Longest = Duration.FromMilliseconds(10_000);
    private readonly Lock _entry = new();
    private Timestamp _began = Timestamp.Zero;
    private Timestamp _lookedAt = Timestamp.Zero;
    private TimeSpan _compiled;
    private Timestamp? _ended;

    /// <summary>Says for how long the process has compiled so far.</summary>
    public void Watch(Timestamp now, TimeSpan compiled)
    {
        lock (_entry)
        {
            if (_ended is not null) return;
            if (_began == Timestamp.Zero) (_began, _lookedAt, _compiled) = (now, now, compiled);
            Duration passed = now - _lookedAt;
            if (passed < Look) return;
            bool isQuiet = (compiled - _compiled).TotalMilliseconds < passed.Nanoseconds / 1e6 * Restless;
            if (isQuiet || now - _began >= Longest) _ended = now;
            (_lookedAt, _compiled) = (now, compiled);
        }
    }

    /// <summary>True for an instant before the start was over.</summary>
    public bool Includes(Timestamp at)
    {
        lock (_entry) return _began != Timestamp.Zero && (_ended is not { } ended || at < ended);
    }
}
