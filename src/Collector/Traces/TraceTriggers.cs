using System.Globalization;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>When a trace is captured, and how often at most.</summary>
internal sealed record TraceLimits
{
    /// <summary>A unit this many times slower than the running median of its configuration.</summary>
    public double SlowerThanMedian { get; init; } = 3;

    /// <summary>Units of a configuration or name before any is judged: a median of a few says nothing.</summary>
    public int EnoughUnits { get; init; } = 50;

    /// <summary>A unit among so many of the slowest of its configuration in the present hour.</summary>
    public int SlowestOfHour { get; init; } = 3;

    /// <summary>A suspension of the runtime longer than this.</summary>
    public Duration LongestPause { get; init; } = Duration.FromMilliseconds(100);

    /// <summary>Traces of a configuration at once; afterwards one each <see cref="Refill"/>.</summary>
    public int Burst { get; init; } = 3;

    /// <summary>After this time one more is allowed.</summary>
    public Duration Refill { get; init; } = Duration.FromMilliseconds(60_000);

    /// <summary>Between two traces, whatever they are of.</summary>
    public Duration CoolDown { get; init; } = Duration.FromMilliseconds(10_000);
}

/// <summary>A reason to capture a trace.</summary>
/// <param name="Kind">Its name, as in labels.</param>
/// <param name="Text">A sentence for people.</param>
/// <param name="From">Since when the trace is of interest.</param>
/// <param name="To">Until when.</param>
internal sealed record TraceTrigger(string Kind, string Text, Timestamp From, Timestamp To)
{
    public const string SlowerThanMedian = "slower_than_median";
    public const string SlowestOfHour = "slowest_of_hour";
    public const string GcPause = "gc_pause";
    public const string Loss = "loss";
    public const string Request = "request";
    public const string Signal = "signal";
    public const string Recording = "recording";

    /// <summary>Every kind that leads to a trace that is kept.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [SlowerThanMedian, SlowestOfHour, GcPause, Loss, Request, Signal];

    /// <summary>The unit it is for; null for a trace of everything.</summary>
    public UnitAccount? Unit { get; init; }

    /// <summary>Median of its configuration, or of the requests of its name, when it ended; null where there were too few.</summary>
    public Duration? Median { get; init; }

    /// <summary>Its place among those of its configuration in the present hour, the slowest first; null beyond the first few.</summary>
    public int? Rank { get; init; }

    /// <summary>Its causes in words, the largest first; empty where they are not known.</summary>
    public IReadOnlyList<string> Causes { get; init; } = [];

    /// <summary>Number that the page, the file and the exemplar share.</summary>
    public string Id { get; init; } = Guid.NewGuid().ToString("N");
}

/// <summary>
/// Decides which units, pauses and losses are worth a trace, and holds back those that come too often. Time is that of
/// the events, so that a recording decides as the moment did.
/// </summary>
internal sealed class TraceTriggers(TraceLimits limits)
{
    private static readonly (UnitKind, long) NoUnit = (default, -1);
    private static readonly Duration Hour = Duration.FromMilliseconds(3_600_000);

    private readonly Dictionary<(UnitKind Kind, long Index), Population> _populations = [];
    private readonly Dictionary<(UnitKind Kind, long Index), (double Tokens, Timestamp Since)> _buckets = [];
    private readonly Dictionary<string, long> _suppressed = [];
    private readonly Lock _entry = new();
    private Timestamp? _newest;

    /// <summary>How often each kind was held back. For any thread.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Suppressed
    {
        get
        {
            lock (_entry) return [.. _suppressed];
        }
    }

    /// <summary>A unit ended.</summary>
    /// <param name="index">Of its configuration, or of its name: it is compared with those of the same kind and index.</param>
    /// <param name="account">Its account.</param>
    public TraceTrigger? Judge(long index, in UnitAccount account)
    {
        (UnitKind Kind, long Index) alike = (account.Kind, index);
        if (!_populations.TryGetValue(alike, out Population? population)) _populations.Add(alike, population = new Population(limits));
        (Duration? median, int? rank) = population.Add(account);
        if (median is not { } usual) return null;
        bool isSlow = account.Wall.Nanoseconds > limits.SlowerThanMedian * usual.Nanoseconds;
        if (!isSlow && rank is null) return null;
        double ratio = account.Wall.Seconds / usual.Seconds;
        string wall = $"{ForPeople.Time(account.Wall.Seconds)}, {ratio.ToString(ratio < 100 ? "0.0" : "0", CultureInfo.InvariantCulture)} times the median of {ForPeople.Time(usual.Seconds)}";
        var trigger = new TraceTrigger(
            isSlow ? TraceTrigger.SlowerThanMedian : TraceTrigger.SlowestOfHour,
            isSlow ? wall : $"{wall}, number {rank} of its {(account.Kind == UnitKind.Iteration ? "configuration" : "name")} in this hour",
            account.Began,
            account.Ended)
        {
            Unit = account, Median = usual, Rank = rank,
        };
        return Allow(trigger, alike);
    }

    /// <summary>The runtime let its threads go on.</summary>
    public TraceTrigger? JudgePause(Timestamp from, Timestamp to)
    {
        if (to - from <= limits.LongestPause) return null;
        string text = $"the runtime was suspended for {ForPeople.Time((to - from).Seconds)}";
        return Allow(new TraceTrigger(TraceTrigger.GcPause, text, from, to), NoUnit);
    }

    /// <summary>Events are missing.</summary>
    public TraceTrigger? JudgeLoss(Timestamp from, Timestamp to, IncompleteReasons why) =>
        Allow(new TraceTrigger(TraceTrigger.Loss, $"events are missing: {string.Join(", ", Names.ReasonsByWeight.Where(reason => why.HasFlag(reason)).Select(Names.Reason))}", from, to), NoUnit);

    /// <summary>One was allowed, but could not be taken.</summary>
    public void Suppress(string kind)
    {
        lock (_entry) _suppressed[kind] = _suppressed.GetValueOrDefault(kind) + 1;
    }

    private TraceTrigger? Allow(TraceTrigger trigger, (UnitKind, long) alike)
    {
        Timestamp now = trigger.To;
        (double tokens, Timestamp since) = _buckets.GetValueOrDefault(alike, (limits.Burst, now));
        if (now > since) tokens = Math.Min(limits.Burst, tokens + ((now - since).Seconds / limits.Refill.Seconds));
        bool isCool = _newest is not { } newest || now - newest >= limits.CoolDown;
        bool isAllowed = isCool && tokens >= 1;
        _buckets[alike] = (isAllowed ? tokens - 1 : tokens, Timestamp.Later(now, since));
        if (isAllowed) _newest = now;
        else Suppress(trigger.Kind);
        return isAllowed ? trigger : null;
    }

    /// <summary>The units of one configuration, or of one name: their running median, and the slowest of the hour.</summary>
    private sealed class Population(TraceLimits limits)
    {
        private const int Remembered = 127;
        private const int Stale = 16;

        private readonly long[] _walls = new long[Remembered];
        private readonly long[] _sorted = new long[Remembered];
        private readonly List<long> _slowest = [];
        private Timestamp _hourBegan = Timestamp.Never;
        private long _count;
        private Duration _median;

        /// <returns>The median of those before it, once there are enough, and its rank among the slowest of the hour.</returns>
        public (Duration? Median, int? Rank) Add(in UnitAccount account)
        {
            if (_hourBegan == Timestamp.Never || account.Ended - _hourBegan >= Hour)
            {
                _hourBegan = account.Ended;
                _slowest.Clear();
            }

            bool areEnough = _count >= limits.EnoughUnits;
            if (areEnough && (_count % Stale == 0 || _median == Duration.Zero)) _median = Median();
            _walls[_count++ % Remembered] = account.Wall.Nanoseconds;
            int? rank = RankOf(account.Wall.Nanoseconds);
            return areEnough ? (_median, rank) : (null, null);
        }

        private int? RankOf(long wall)
        {
            int place = 0;
            while (place < _slowest.Count && _slowest[place] >= wall) place++;
            if (place >= limits.SlowestOfHour) return null;
            _slowest.Insert(place, wall);
            if (_slowest.Count > limits.SlowestOfHour) _slowest.RemoveAt(limits.SlowestOfHour);
            return place + 1;
        }

        private Duration Median()
        {
            int filled = (int)Math.Min(_count, Remembered);
            Span<long> sorted = _sorted.AsSpan(0, filled);
            _walls.AsSpan(0, filled).CopyTo(sorted);
            sorted.Sort();
            return new Duration(sorted[filled / 2]);
        }
    }
}
