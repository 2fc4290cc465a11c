namespace Observatory.Timeline;

/// <summary>An instant on the one clock all sources share: CLOCK_MONOTONIC, in nanoseconds since boot.</summary>
/// <param name="Nanoseconds">Nanoseconds since boot; never negative in a recording.</param>
public readonly record struct Timestamp(long Nanoseconds) : IComparable<Timestamp>
{
    /// <summary>Before every event.</summary>
    public static readonly Timestamp Zero;

    /// <summary>After every event.</summary>
    public static readonly Timestamp Never = new(long.MaxValue);

    /// <inheritdoc />
    public int CompareTo(Timestamp other) => Nanoseconds.CompareTo(other.Nanoseconds);

    public static bool operator <(Timestamp left, Timestamp right) => left.Nanoseconds < right.Nanoseconds;
    public static bool operator >(Timestamp left, Timestamp right) => left.Nanoseconds > right.Nanoseconds;
    public static bool operator <=(Timestamp left, Timestamp right) => left.Nanoseconds <= right.Nanoseconds;
    public static bool operator >=(Timestamp left, Timestamp right) => left.Nanoseconds >= right.Nanoseconds;
    public static Duration operator -(Timestamp later, Timestamp earlier) => new(later.Nanoseconds - earlier.Nanoseconds);
    public static Timestamp operator -(Timestamp at, Duration span) => new(at.Nanoseconds - span.Nanoseconds);
    public static Timestamp operator +(Timestamp at, Duration span) => new(at.Nanoseconds + span.Nanoseconds);

    /// <summary>The later of two instants.</summary>
    public static Timestamp Later(Timestamp a, Timestamp b) => a > b ? a : b;

    /// <summary>The earlier of two instants.</summary>
    public static Timestamp Earlier(Timestamp a, Timestamp b) => a < b ? a : b;
}

/// <summary>A span of time in whole nanoseconds. <see cref="TimeSpan"/> has steps of 100 ns: accounts would not add up.</summary>
/// <param name="Nanoseconds">Length in nanoseconds.</param>
public readonly record struct Duration(long Nanoseconds) : IComparable<Duration>
{
    /// <summary>No time at all.</summary>
    public static readonly Duration Zero;

    /// <summary>Length in seconds.</summary>
    public double Seconds => Nanoseconds / 1e9;

    /// <summary>A span of whole milliseconds.</summary>
    public static Duration FromMilliseconds(long milliseconds) => new(milliseconds * 1_000_000);

    /// <inheritdoc />
    public int CompareTo(Duration other) => Nanoseconds.CompareTo(other.Nanoseconds);

    public static bool operator <(Duration left, Duration right) => left.Nanoseconds < right.Nanoseconds;
    public static bool operator >(Duration left, Duration right) => left.Nanoseconds > right.Nanoseconds;
    public static bool operator <=(Duration left, Duration right) => left.Nanoseconds <= right.Nanoseconds;
    public static bool operator >=(Duration left, Duration right) => left.Nanoseconds >= right.Nanoseconds;
    public static Duration operator +(Duration left, Duration right) => new(left.Nanoseconds + right.Nanoseconds);
    public static Duration operator -(Duration left, Duration right) => new(left.Nanoseconds - right.Nanoseconds);
}
