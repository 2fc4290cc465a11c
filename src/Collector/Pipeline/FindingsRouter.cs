using System.Collections.Concurrent;
using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>An observer of the timeline that receives each account together with its configuration, once that is known.</summary>
internal interface IFindingsSink : ITimelineObserver
{
    void IterationClosed(WorkloadConfiguration configuration, in UnitAccount account);
}

/// <summary>Hands what the timeline finds out to every sink, accounts together with their configuration.</summary>
internal sealed class FindingsRouter(ConfigurationRegistry configurations, IReadOnlyList<IFindingsSink> sinks)
    : ITimelineObserver
{
    /// <summary>
    /// Accounts that wait for their configuration: an observer that attaches late learns it within a second, so this
    /// many are never reached by a workload that keeps the contract.
    /// </summary>
    private const int MaximumWaiting = 100_000;

    private readonly Queue<UnitAccount> _waiting = [];
    private long _incomplete;

    /// <summary>Accounts that could not be published because their configuration was never declared.</summary>
    public long Undeclared { get; private set; }

    /// <summary>Incomplete accounts among those that were published. For any thread to read.</summary>
    public long Incomplete => Volatile.Read(ref _incomplete);

    public void IterationClosed(in UnitAccount account)
    {
        _waiting.Enqueue(account);
        if (_waiting.Count > MaximumWaiting)
        {
            _waiting.Dequeue();
            Undeclared++;
        }

        PublishDeclared();
    }

    public void RunQueueWaited(Duration wait)
    {
        foreach (IFindingsSink sink in sinks) sink.RunQueueWaited(wait);
    }

    public void Suspended(Duration suspension)
    {
        foreach (IFindingsSink sink in sinks) sink.Suspended(suspension);
    }

    public void PreemptedBy(int thread, Duration time)
    {
        foreach (IFindingsSink sink in sinks) sink.PreemptedBy(thread, time);
    }

    /// <summary>Publishes, in order, every account whose configuration is known by now.</summary>
    public void PublishDeclared()
    {
        while (_waiting.TryPeek(out UnitAccount account)
            && configurations.Find(account.Configuration) is { } configuration)
        {
            _waiting.Dequeue();
            if (!account.IsComplete) Volatile.Write(ref _incomplete, _incomplete + 1);
            foreach (IFindingsSink sink in sinks) sink.IterationClosed(configuration, account);
        }
    }

    /// <summary>Gives up on the accounts whose configuration never came. For the end.</summary>
    public void Close()
    {
        PublishDeclared();
        Undeclared += _waiting.Count;
        _waiting.Clear();
    }
}

/// <summary>What the target said its configuration indexes stand for. Declared by the runtime source, asked by the pump.</summary>
internal sealed class ConfigurationRegistry
{
    private readonly ConcurrentDictionary<long, WorkloadConfiguration> _known = new();

    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the target has declared a configuration: it is about to work.</summary>
    public Task FirstDeclared => _first.Task;

    public void Declare(WorkloadConfiguration configuration)
    {
        _known[configuration.Index] = configuration;
        _first.TrySetResult();
    }

    /// <summary>The configuration of an index; null while it has not been declared.</summary>
    public WorkloadConfiguration? Find(long index) => _known.GetValueOrDefault(index);
}
