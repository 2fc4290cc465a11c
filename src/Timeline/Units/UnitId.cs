namespace Observatory.Timeline;

/// <summary>What a unit of work is.</summary>
public enum UnitKind
{
    /// <summary>What a driving thread repeats. While it lasts the pool works for it, so the pool's time is shown with it.</summary>
    Iteration,

    /// <summary>What a server is asked for: many at a time, each on one thread after another.</summary>
    Request,

    /// <summary>What lies between two events that the user names; otherwise like a request.</summary>
    Event,
}

/// <summary>The number of a unit of work.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Number">Its number among those of its kind, in its process.</param>
public readonly record struct UnitId(UnitKind Kind, long Number)
{
    /// <summary>True where the time of the whole process belongs to it while it lasts.</summary>
    public bool IsExclusive => Kind == UnitKind.Iteration;

    /// <inheritdoc />
    public bool Equals(UnitId other) => Number == other.Number && Kind == other.Kind;

    /// <inheritdoc />
    public override int GetHashCode() => Number.GetHashCode();
}
