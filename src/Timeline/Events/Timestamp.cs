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
