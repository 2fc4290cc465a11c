using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>A request that is open, or another unit, and what it waits for.</summary>
/// <param name="unit">Its number.</param>
/// <param name="activity">Its activity.</param>
/// <param name="name">Index of its name.</param>
/// <param name="losses">Losses before it began.</param>
internal sealed class OpenRequest(UnitId unit, ActivityPath activity, int name, long losses)
{
    private OpenOperations? _operations;
    private long _operationsAfter = losses;

    public int Name => name;
    public UnitId Unit => unit;
    public ActivityPath Activity => activity;
    public bool IsOver { get; set; }

    /// <summary>Losses before it was seen last.</summary>
    public long SeenAfter { get; set; } = losses;

    /// <summary>An operation inside it began or ended.</summary>
    /// <param name="inner">The activity of the operation.</param>
    /// <param name="kind">What kind of operation.</param>
    /// <param name="begins">True when it began.</param>
    /// <param name="losses">Losses so far: those under way before the last one may have ended in it.</param>
    /// <returns>What it waits for from now on; null where that does not change.</returns>
    public AwaitedFor? Operate(in ActivityPath inner, AwaitedFor kind, bool begins, long losses)
    {
        _operations ??= new();
        if (_operationsAfter != losses) _operations.Forget();
        _operationsAfter = losses;
        AwaitedFor before = _operations.Latest;
        if (begins) _operations.Begin(kind, inner);
        else _operations.End(kind, inner);
        return _operations.Latest == before ? null : _operations.Latest;
    }
}
