using System.Collections.Concurrent;
using Observatory.Contract;

namespace Observatory.Collector;

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
