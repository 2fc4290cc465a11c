namespace Observatory.Workload;

/// <summary>
/// How long a sweep will still take: the visits to come, each as long as the last one of its configuration was, and for
/// one that had none yet as its operations suggest.
/// </summary>
internal sealed class RemainingTime(SweepPlan plan)
{
    private readonly TimeSpan?[] _taken = new TimeSpan?[plan.Study.Count];
    private readonly HashSet<int> _open = [];
    private TimeSpan _last;
    private long _pass;
    private int[] _indices = [];

    public void BeginPass(int[] indices)
    {
        _pass++;
        _indices = indices;
        _open.UnionWith(indices);
    }

    /// <param name="index">The configuration whose visit has ended.</param>
    /// <param name="elapsed">Time since the sweep began.</param>
    public void Visited(int index, TimeSpan elapsed)
    {
        _taken[index] = elapsed - _last;
        _last = elapsed;
        _open.Remove(index);
    }

    /// <summary>Null while nothing says.</summary>
    /// <param name="elapsed">Time since the sweep began.</param>
    /// <param name="limit">The time it has at most; null: no limit.</param>
    public TimeSpan? Of(TimeSpan elapsed, TimeSpan? limit)
    {
        TimeSpan? work = Work();
        TimeSpan? rest = limit is { } most && most > elapsed ? most - elapsed : limit is null ? null : TimeSpan.Zero;
        return work < rest ? work : rest ?? work;
    }

    private TimeSpan? Work()
    {
        if (plan.Passes is not { } passes || PerOperation() is not { } rate) return null;
        TimeSpan pass = Sum(_indices, rate);
        return Sum(_open, rate) + (pass * (passes - _pass));
    }

    private TimeSpan Sum(IEnumerable<int> indices, TimeSpan rate) => indices.Aggregate(
        TimeSpan.Zero, (sum, index) => sum + (_taken[index] ?? rate * Operations(index)));

    /// <summary>Time of a million operations in the visits so far.</summary>
    private TimeSpan? PerOperation()
    {
        int[] done = [.. Enumerable.Range(0, _taken.Length).Where(index => _taken[index] is not null)];
        return done.Length == 0
            ? null
            : done.Aggregate(TimeSpan.Zero, (sum, index) => sum + _taken[index]!.Value) / done.Sum(Operations);
    }

    private double Operations(int index) => plan.Study[index].FloatingPointOperations / 1e6;
}
