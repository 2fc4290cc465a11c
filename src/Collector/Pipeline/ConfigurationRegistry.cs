using System.Collections.Concurrent;
using Observatory.Contract;
using Observatory.Hosting;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>What targets said their configuration indexes stand for. Declared by the runtime source, asked by the pump.</summary>
/// <remarks>
/// Bounded, whatever a target declares: each configuration that is shown has series, a row and a histogram of its own. The
/// first so many that are used are shown as they are; the rest are one.
/// </remarks>
/// <param name="mostShown">How many are shown as they are.</param>
internal sealed class ConfigurationRegistry(int mostShown = ConfigurationRegistry.MostShown)
{
    /// <summary>As many as the workload's own plan may have.</summary>
    public const int MostShown = 1000;

    /// <summary>Stands for all that have no place of their own.</summary>
    public static readonly WorkloadConfiguration Other = new(
        Index: long.MaxValue, "other", BatchSize: 0, SequenceLength: 0, EmbeddingDim: 0, "", Threads: 1, FloatingPointOperations: 0, InputBytes: 0);

    private const int MostDeclared = 20_000;

    private readonly Lock _entry = new();

    // By the target's own index; their index here is the place that they have in everything that lasts.
    private readonly ConcurrentDictionary<long, WorkloadConfiguration> _declared = new();
    private readonly ConcurrentDictionary<long, WorkloadConfiguration> _shown = new();
    private readonly Dictionary<WorkloadConfiguration, long> _places = [];
    private readonly HashSet<long> _taken = [];
    private readonly HashSet<long> _takenNow = [];
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WorkloadConfiguration? _reference;
    private StudyAxes _axes;
    private long _nextPlace;
    private volatile int _declaredCount;
    private volatile bool _isFull;

    /// <summary>Completes when a target has declared a configuration: it is about to work.</summary>
    public Task FirstDeclared => _first.Task;

    /// <summary>Grows with each configuration that is new to the present target.</summary>
    public int Declared => _declaredCount;

    /// <summary>True once some are shown as <see cref="Other"/>.</summary>
    public bool HasOther { get; private set; }

    /// <summary>
    /// The next target numbers its configurations anew: those that an earlier one had as well go on as the same. Nothing of
    /// the earlier one may be under way.
    /// </summary>
    public void BeginTarget()
    {
        _declared.Clear();
        _takenNow.Clear();
        _declaredCount = 0;
    }

    /// <summary>Takes a configuration. For one thread.</summary>
    public void Declare(WorkloadConfiguration configuration)
    {
        if (configuration.Index == Other.Index || _declared.ContainsKey(configuration.Index)) return;
        if (_declaredCount >= MostDeclared || _taken.Count >= MostDeclared)
        {
            _isFull = true;
            return;
        }

        WorkloadConfiguration clean = configuration with
        {
            Operation = SafeText.Name(configuration.Operation),
            DataType = SafeText.Name(configuration.DataType),
        };
        if (_declared.TryAdd(configuration.Index, clean with { Index = PlaceOf(clean) }))
        {
            Distinguish(clean);
            _declaredCount++;
        }

        _first.TrySetResult();
    }

    /// <summary>
    /// Notes what tells it from the others. A study declares itself as a whole before it computes, so this changes what is
    /// shown already only where an observer came in the middle of a declaration.
    /// </summary>
    private void Distinguish(WorkloadConfiguration declared)
    {
        _reference ??= declared;
        StudyAxes axes = _axes | declared.DiffersFrom(_reference);
        if (axes == _axes) return;
        lock (_entry)
        {
            _axes = axes;
            foreach ((long index, WorkloadConfiguration shown) in _shown) _shown[index] = shown with { Axes = axes };
        }
    }

    /// <summary>The configuration of a target's index, or the one it is shown as; null while it has not been declared.</summary>
    public WorkloadConfiguration? Find(long index)
    {
        if (!_declared.TryGetValue(index, out WorkloadConfiguration? declared)) return _isFull ? ShowAsOther() : null;
        if (_shown.TryGetValue(declared.Index, out WorkloadConfiguration? shown)) return shown;
        lock (_entry)
        {
            if (_shown.Count >= mostShown) return ShowAsOther();
            return _shown.GetOrAdd(declared.Index, declared with { Axes = _axes });
        }
    }

    private long PlaceOf(WorkloadConfiguration configuration)
    {
        WorkloadConfiguration what = configuration with { Index = 0 };
        // A target may declare the same under two numbers: those stay two.
        if (_places.TryGetValue(what, out long known) && _takenNow.Add(known)) return known;
        long place = configuration.Index;
        while (!_taken.Add(place)) place = _nextPlace++;
        _takenNow.Add(place);
        _places.TryAdd(what, place);
        return place;
    }

    private WorkloadConfiguration ShowAsOther()
    {
        HasOther = true;
        return Other;
    }
}

/// <summary>Which configuration runs at the present place of the event stream.</summary>
/// <remarks>With several driving threads it is that of the iteration which began last and has not ended.</remarks>
internal sealed class RunningConfiguration
{
    /// <summary>More driving threads than any workload has; beyond, ends were missed.</summary>
    private const int Most = 1_000;

    private readonly List<(int Thread, long Configuration)> _open = [];

    /// <summary>Index of the configuration; null between iterations.</summary>
    public long? Current => _open.Count > 0 ? _open[^1].Configuration : null;

    /// <summary>Takes the next event of the stream, of any kind.</summary>
    public void Observe(in TimelineEvent happened)
    {
        switch (happened.Kind)
        {
            case EventKind.IterationBegan:
                End(happened.Thread);
                if (_open.Count >= Most) _open.Clear();
                _open.Add((happened.Thread, happened.Configuration));
                break;
            case EventKind.IterationEnded:
                End(happened.Thread);
                break;
            case EventKind.LossEnded:
                Forget();
                break;
        }
    }

    /// <summary>Events are missing: what was open may have ended meanwhile.</summary>
    public void Forget() => _open.Clear();

    private void End(int thread)
    {
        for (int at = 0; at < _open.Count; at++)
        {
            if (_open[at].Thread != thread) continue;
            _open.RemoveAt(at);
            return;
        }
    }
}
