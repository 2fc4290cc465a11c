using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// Pauses of observation in pairs: a stretch with it and one without, as long and right after each other, in random order, so that
/// whatever drifts, or comes and goes, is as likely to be in the one as in the other. For the thread that records.
/// </summary>
/// <param name="every">From one pair to the next.</param>
/// <param name="arms">Told of each stretch.</param>
/// <param name="random">Decides the order.</param>
internal sealed class ObservationPauses(TimeSpan every, EffectArms arms, Random random)
{
    private static readonly TimeSpan LongestArm = TimeSpan.FromSeconds(1);

    /// <summary>Shorter ones would hold no more than what follows a change: events are processed some 100 ms after they happened.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private Timestamp _due = Timestamp.Never;
    private int _turn;
    private bool _pausesFirst;
    private bool _isPaused;

    /// <summary>Length of a stretch: a second, or a quarter of the time between two pairs where that is less.</summary>
    public static TimeSpan ArmOf(TimeSpan every) => every / 4 < LongestArm ? every / 4 : LongestArm;

    /// <summary>From now on.</summary>
    public void Begin(Timestamp now) => _due = now + Rest;

    /// <summary>No more: what was begun does not count.</summary>
    public void End() => arms.Abandon();

    /// <summary>How long the recording thread may wait, of what it would.</summary>
    public TimeSpan Limit(TimeSpan patience, Timestamp now)
    {
        TimeSpan left = TimeSpan.FromMicroseconds((_due - now).Nanoseconds / 1000.0);
        return left >= patience ? patience : left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Pauses or resumes where that is due.</summary>
    /// <param name="now">The time.</param>
    /// <param name="pause">Pauses the recording, and says from when on nothing is recorded.</param>
    /// <param name="resume">Resumes it, and says from when on everything is.</param>
    public void Look(Timestamp now, Func<Timestamp> pause, Func<Timestamp> resume)
    {
        if (now < _due) return;
        // Before anything changes.
        arms.End();
        _turn = (_turn + 1) % 3;
        if (_turn == 1) _pausesFirst = random.Next(2) == 0;
        bool pauses = _turn == (_pausesFirst ? 1 : 2);
        Timestamp since = pauses == _isPaused ? now : pauses ? pause() : resume();
        _isPaused = pauses;
        if (_turn > 0) arms.Begin(isNewPair: _turn == 1, pauses, since);
        _due = since + (_turn > 0 ? Arm : Rest);
    }

    private Duration Arm => Of(ArmOf(every));

    private Duration Rest => Of(every - (2 * ArmOf(every)));

    private static Duration Of(TimeSpan time) => new((long)time.TotalNanoseconds);
}

/// <summary>A stretch of a pair.</summary>
/// <param name="Pair">The pair's number.</param>
/// <param name="IsPaused">True for the one without observation.</param>
/// <param name="From">Its beginning.</param>
/// <param name="To">Its end; <see cref="Timestamp.Never"/> while it lasts.</param>
internal readonly record struct EffectArm(long Pair, bool IsPaused, Timestamp From, Timestamp To);

/// <summary>The latest stretches: written by the thread that records, asked by the one that makes accounts some 100 ms later.</summary>
/// <param name="clock">The time, taken while nobody asks.</param>
/// <param name="length">Length of a stretch.</param>
internal sealed class EffectArms(Func<Timestamp> clock, TimeSpan length)
{
    /// <summary>Accounts may lag by some seconds.</summary>
    private const int Most = 64;

    /// <summary>What happens right after a change still belongs to the stretch before: its events are processed then.</summary>
    private readonly Duration _carryOver = new((long)(length / 4).TotalNanoseconds);

    private readonly Lock _entry = new();
    private readonly List<EffectArm> _arms = [];
    private long _pair;
    private long _pauses;
    private Duration _paused;

    /// <summary>Pauses that are over.</summary>
    public long Pauses
    {
        get
        {
            lock (_entry) return _pauses;
        }
    }

    /// <summary>How long they took.</summary>
    public Duration Paused
    {
        get
        {
            lock (_entry) return _paused;
        }
    }

    /// <summary>A stretch begins.</summary>
    public void Begin(bool isNewPair, bool isPaused, Timestamp from)
    {
        lock (_entry)
        {
            if (isNewPair) _pair++;
            if (_arms.Count == Most) _arms.RemoveAt(0);
            _arms.Add(new EffectArm(_pair, isPaused, from, Timestamp.Never));
        }
    }

    /// <summary>It is over, where there is one.</summary>
    public void End()
    {
        lock (_entry)
        {
            if (_arms is not [.., { To: var to } last] || to != Timestamp.Never) return;
            // Taken here: whoever found it lasting asked about what was over before.
            last = last with { To = clock() };
            _arms[^1] = last;
            if (!last.IsPaused) return;
            _pauses++;
            _paused += last.To - last.From;
        }
    }

    /// <summary>The stretch that lasts does not count.</summary>
    public void Abandon()
    {
        lock (_entry)
        {
            if (_arms is [.., { To: var to }] && to == Timestamp.Never) _arms.RemoveAt(_arms.Count - 1);
        }
    }

    /// <summary>The stretch that a unit lies in from its beginning to its end; null where there is none.</summary>
    public EffectArm? Find(Timestamp began, Timestamp ended)
    {
        lock (_entry)
        {
            for (int i = _arms.Count - 1; i >= 0; i--)
            {
                if (began < _arms[i].From) continue;
                return began >= _arms[i].From + _carryOver && ended <= _arms[i].To ? _arms[i] : null;
            }
        }

        return null;
    }
}
