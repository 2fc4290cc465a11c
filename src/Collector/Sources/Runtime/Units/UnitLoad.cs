using System.Globalization;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Why requests are observed at a lower level than was asked for.</summary>
internal enum StepReason
{
    /// <summary>More events told of them in a second than the limit allows.</summary>
    Rate,

    /// <summary>Events of the runtime were lost, and many of those that were read told of requests.</summary>
    Loss,
}

/// <summary>A step down: why, and what was seen.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Seen">The same in words, with the numbers.</param>
internal readonly record struct LevelStep(StepReason Reason, string Seen);

/// <summary>
/// Says when the events that tell of requests are too many for the target or for this program, so that the next lower level should be
/// observed. Pure: the events' own times are its clock. For one thread.
/// </summary>
/// <remarks>
/// The stream is judged a second at a time. One bad second may be the start of a program, or of this one; <see cref="Patience"/> in a
/// row are the program's way of working. A loss counts where a quarter of the events tell of requests: with fewer a step would not help.
/// It never steps up: the lower level would look calm because it is lower.
/// </remarks>
/// <param name="mostPerSecond">Events a second that are not too many; 0 for any number and any loss.</param>
internal sealed class UnitLoad(long mostPerSecond)
{
    /// <summary>Bad seconds in a row that are one step.</summary>
    public const int Patience = 3;

    /// <summary>Events a second that are not too many, where the user says nothing: about what a server that fills two CPUs tells at the highest level, 232,000 and 265,000 in two runs (docs/units.md).</summary>
    public const int DefaultMost = 250_000;

    private const double MostLost = 0.01;
    private const double LeastShare = 0.25;
    private static readonly Duration Window = new(1_000_000_000);

    private Timestamp? _from;
    private long _events;
    private long _ofUnits;
    private long _lostBefore;
    private int _bad;

    /// <summary>A session begins: what was counted before says nothing of it.</summary>
    public void Begin()
    {
        _from = null;
        _bad = 0;
    }

    /// <summary>Takes an event of the stream.</summary>
    /// <param name="at">When it happened.</param>
    /// <param name="isOfUnits">True for one that the next lower level would not have.</param>
    /// <param name="lost">Events that have been lost so far.</param>
    /// <returns>Why to step down now; null for no reason.</returns>
    public LevelStep? Observe(Timestamp at, bool isOfUnits, long lost)
    {
        if (mostPerSecond == 0) return null;
        if (_from is not { } from)
        {
            Open(at, lost);
            from = at;
        }

        LevelStep? step = null;
        if (at - from >= Window)
        {
            LevelStep? seen = Judge((at - from).Seconds, lost - _lostBefore);
            _bad = seen is null ? 0 : _bad + 1;
            if (_bad == Patience) (step, _bad) = (seen, 0);
            Open(at, lost);
        }

        _events++;
        if (isOfUnits) _ofUnits++;
        return step;
    }

    private void Open(Timestamp at, long lost) => (_from, _events, _ofUnits, _lostBefore) = (at, 0, 0, lost);

    private LevelStep? Judge(double seconds, long lost)
    {
        double rate = _ofUnits / seconds;
        if (rate > mostPerSecond)
        {
            return new LevelStep(StepReason.Rate, string.Create(
                CultureInfo.InvariantCulture, $"{rate:N0} events a second told of them, more than {mostPerSecond:N0} (--units-limit)"));
        }

        double share = lost / Math.Max(1.0, _events + lost);
        return share > MostLost && _ofUnits >= _events * LeastShare
            ? new LevelStep(StepReason.Loss, string.Create(CultureInfo.InvariantCulture, $"{share:P1} of the runtime's events were lost"))
            : null;
    }
}
