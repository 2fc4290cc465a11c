using System.Diagnostics;

namespace Observatory.Workload;

/// <summary>
/// Says on standard error how far a sweep is: a bar that is drawn again and again on a terminal, else a line in the log
/// every ten seconds.
/// </summary>
/// <param name="plan">What is to be done.</param>
/// <param name="terminal">Takes the bar; null: there is none.</param>
/// <param name="duration">The time the sweep has at most; null: no limit.</param>
/// <param name="logger">Takes the lines.</param>
internal sealed class SweepProgress(SweepPlan plan, TextWriter? terminal, TimeSpan? duration, ILogger logger)
{
    /// <summary>A pass over small configurations takes milliseconds: a line for each would be noise.</summary>
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(250);

    private readonly RemainingTime _remaining = new(plan);
    private readonly long _begin = Stopwatch.GetTimestamp();
    private long? _reported;
    private long? _drawn;
    private long _pass;
    private int _known;
    private int _open;
    private int _visited;

    /// <summary>A pass over these begins.</summary>
    public void BeginPass(int[] indices)
    {
        (_open, _visited, _known) = (indices.Length, 0, plan.Study.Count - indices.Length);
        _remaining.BeginPass(indices);
        _pass++;
    }

    /// <summary>The configuration is the next one.</summary>
    public void Visiting(int index)
    {
        if (terminal is null || (_drawn is { } last && Stopwatch.GetElapsedTime(last) < BarInterval)) return;
        _drawn = Stopwatch.GetTimestamp();
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_begin);
        terminal.Write($"\r\e[K{Bar(Done(elapsed))} {Pass()}, {Point(plan.Points[index])}{Left(elapsed)}");
    }

    /// <summary>The configuration is done for this pass.</summary>
    public void Visited(int index)
    {
        _visited++;
        _remaining.Visited(index, Stopwatch.GetElapsedTime(_begin));
    }

    /// <summary>All of the pass are.</summary>
    public void PassDone(SweepResults results)
    {
        if (terminal is not null || (_reported is { } last && Stopwatch.GetElapsedTime(last) < LineInterval)) return;
        _reported = Stopwatch.GetTimestamp();
        WorkloadLog.PassDone(logger, results.Passes, results.Iterations, Left(Stopwatch.GetElapsedTime(_begin)));
    }

    /// <summary>Clears the bar away.</summary>
    public void End() => terminal?.Write("\r\e[K");

    /// <summary>Share of the time that the sweep takes; where that is unknown, of the pass.</summary>
    private double Done(TimeSpan elapsed) => _remaining.Estimate(elapsed, duration) is { } left && elapsed > TimeSpan.Zero
        ? elapsed / (elapsed + left)
        : (double)_visited / _open;

    private string Point(StudyPoint point) => plan.ThreadCounts.Count == 1
        ? $"{point}"
        : $"{point} with {point.Threads} {(point.Threads == 1 ? "thread" : "threads")}";

    private string Pass() =>
        $"pass {_pass}{(plan.Passes is { } most ? $" of {(plan.Precision is null ? "" : "at most ")}{most}" : "")}"
        + (plan.Precision is null ? "" : $", {_known} of {plan.Study.Count} known");

    private string Left(TimeSpan elapsed) =>
        _remaining.Estimate(elapsed, duration) is { } left
            ? $", {(plan.Precision is null ? "" : "at most ")}{left:h\\:mm\\:ss} left"
            : "";

    private static string Bar(double share)
    {
        const int width = 24;
        int done = (int)(share * width);
        return $"[{new string('#', done)}{new string('.', width - done)}]";
    }
}

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
    public TimeSpan? Estimate(TimeSpan elapsed, TimeSpan? limit)
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
