namespace Observatory.Timeline;

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
