using System.Collections.Concurrent;
using Observatory.Contract;
using Observatory.Hosting;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>An observer of the timeline that receives each account together with its configuration, once that is known.</summary>
internal interface IFindingsSink : ITimelineObserver
{
    void IterationClosed(WorkloadConfiguration configuration, in UnitAccount account);

    void RequestClosed(RequestName name, in UnitAccount account)
    {
    }
}

/// <summary>What requests have in common that are shown as one.</summary>
/// <param name="Index">Its number among the names.</param>
/// <param name="Text">For example <c>GET /orders/{}</c>.</param>
internal readonly record struct RequestName(int Index, string Text);

/// <summary>Hands what the timeline finds out to every sink, accounts together with their configuration.</summary>
/// <remarks>One sink that fails is left out from then on; the others go on.</remarks>
/// <param name="configurations">What accounts are of.</param>
/// <param name="sinks">Where findings go.</param>
/// <param name="log">Told in one line which sink failed.</param>
/// <param name="names">What requests are called; null where there are none.</param>
internal sealed class FindingsRouter(
    ConfigurationRegistry configurations, IReadOnlyList<IFindingsSink> sinks, Action<string>? log = null, UnitNames? names = null)
    : ITimelineObserver
{
    /// <summary>
    /// Accounts that wait for their configuration: an observer that attaches late learns it within a second, so this
    /// many are never reached by a workload that keeps the contract.
    /// </summary>
    private const int MaximumWaiting = 100_000;

    // By configuration: one that is never declared keeps no other waiting.
    private readonly Dictionary<long, Queue<UnitAccount>> _waiting = [];
    private IFindingsSink[] _sinks = [.. sinks];
    private int _waitingAccounts;
    private int _declared;
    private long _incomplete;
    private volatile Exception? _failure;

    /// <summary>Accounts that could not be published because their configuration was never declared.</summary>
    public long Undeclared { get; private set; }

    /// <summary>Incomplete accounts among those that were published. For any thread to read.</summary>
    public long Incomplete => Volatile.Read(ref _incomplete);

    /// <summary>Why a sink is left out; null while none is.</summary>
    public Exception? Failure => _failure;

    public void IterationClosed(in UnitAccount account)
    {
        if (configurations.Declared != _declared) PublishDeclared();
        if (configurations.Find(account.Configuration) is { } configuration) Publish(configuration, account);
        else Keep(account);
    }

    public void UnitClosed(in UnitAccount account)
    {
        if (names is null) return;
        var name = new RequestName((int)account.Configuration, names.NameOf(account.Configuration));
        foreach (IFindingsSink sink in _sinks)
        {
            try
            {
                sink.RequestClosed(name, account);
            }
            catch (Exception failure) when (LeaveOut(sink, failure))
            {
                // Said; the others go on.
            }
        }
    }

    public void RunQueueWaited(ReadOnlySpan<Duration> waits)
    {
        foreach (IFindingsSink sink in _sinks)
        {
            try
            {
                sink.RunQueueWaited(waits);
            }
            catch (Exception failure) when (LeaveOut(sink, failure))
            {
                // Said; the others go on.
            }
        }
    }

    public void Suspended(Duration suspension)
    {
        foreach (IFindingsSink sink in _sinks)
        {
            try
            {
                sink.Suspended(suspension);
            }
            catch (Exception failure) when (LeaveOut(sink, failure))
            {
                // Said; the others go on.
            }
        }
    }

    public void PreemptedBy(ReadOnlySpan<CpuHold> holds)
    {
        foreach (IFindingsSink sink in _sinks)
        {
            try
            {
                sink.PreemptedBy(holds);
            }
            catch (Exception failure) when (LeaveOut(sink, failure))
            {
                // Said; the others go on.
            }
        }
    }

    /// <summary>Publishes every account whose configuration is known by now, those of one configuration in order.</summary>
    public void PublishDeclared()
    {
        _declared = configurations.Declared;
        if (_waiting.Count == 0) return;
        foreach (long index in _waiting.Keys.ToArray())
        {
            if (configurations.Find(index) is not { } configuration) continue;
            _waiting.Remove(index, out Queue<UnitAccount>? accounts);
            _waitingAccounts -= accounts!.Count;
            foreach (UnitAccount account in accounts) Publish(configuration, account);
        }
    }

    /// <summary>Gives up on the accounts whose configuration never came. For the end.</summary>
    public void Close()
    {
        PublishDeclared();
        Undeclared += _waitingAccounts;
        _waitingAccounts = 0;
        _waiting.Clear();
    }

    private void Keep(in UnitAccount account)
    {
        if (!_waiting.TryGetValue(account.Configuration, out Queue<UnitAccount>? accounts))
        {
            // However many are never declared: what is kept for them is bounded.
            if (_waitingAccounts >= MaximumWaiting)
            {
                Undeclared++;
                return;
            }

            _waiting.Add(account.Configuration, accounts = new Queue<UnitAccount>());
        }

        accounts.Enqueue(account);
        if (_waitingAccounts < MaximumWaiting)
        {
            _waitingAccounts++;
            return;
        }

        accounts.Dequeue();
        Undeclared++;
    }

    private void Publish(WorkloadConfiguration configuration, in UnitAccount account)
    {
        if (!account.IsComplete) Volatile.Write(ref _incomplete, _incomplete + 1);
        foreach (IFindingsSink sink in _sinks)
        {
            try
            {
                sink.IterationClosed(configuration, account);
            }
            catch (Exception failure) when (LeaveOut(sink, failure))
            {
                // Said; the others go on.
            }
        }
    }

    private bool LeaveOut(IFindingsSink failed, Exception failure)
    {
        _sinks = [.. _sinks.Where(sink => sink != failed)];
        _failure ??= failure;
        log?.Invoke($"{failed.GetType().Name} failed and is left out, the observation goes on: {failure}");
        return true;
    }
}

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
