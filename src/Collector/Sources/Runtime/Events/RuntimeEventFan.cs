using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Hands each event to several handlers.</summary>
internal sealed class RuntimeEventFan(IReadOnlyList<IRuntimeEventHandler> handlers) : IRuntimeEventHandler
{
    public void Paused(in GcPause pause, long? configuration)
    {
        foreach (IRuntimeEventHandler handler in handlers) handler.Paused(pause, configuration);
    }

    public void CollectionBegan(in GcCollection collection)
    {
        foreach (IRuntimeEventHandler handler in handlers) handler.CollectionBegan(collection);
    }

    public void GenerationSeen(in GenerationAfter generation)
    {
        foreach (IRuntimeEventHandler handler in handlers) handler.GenerationSeen(generation);
    }

    public void HeapSeen(in HeapAfter heap)
    {
        foreach (IRuntimeEventHandler handler in handlers) handler.HeapSeen(heap);
    }

    public void CommittedSeen(long bytes)
    {
        foreach (IRuntimeEventHandler handler in handlers) handler.CommittedSeen(bytes);
    }

    public void BackgroundPhaseEnded(string phase, Duration duration)
    {
        foreach (IRuntimeEventHandler handler in handlers) handler.BackgroundPhaseEnded(phase, duration);
    }

    public void Allocated(in AllocationSample sample, long? configuration)
    {
        foreach (IRuntimeEventHandler handler in handlers) handler.Allocated(sample, configuration);
    }

    public void Contended(int owner, Duration wait)
    {
        foreach (IRuntimeEventHandler handler in handlers) handler.Contended(owner, wait);
    }

    public void Waited(string kind, Duration wait)
    {
        foreach (IRuntimeEventHandler handler in handlers) handler.Waited(kind, wait);
    }

    public void WorkersAdjusted(int workers, string reason)
    {
        foreach (IRuntimeEventHandler handler in handlers) handler.WorkersAdjusted(workers, reason);
    }

    public void WorkersCounted(int workers)
    {
        foreach (IRuntimeEventHandler handler in handlers) handler.WorkersCounted(workers);
    }

    public void WorkItemTaken(Duration? delay)
    {
        foreach (IRuntimeEventHandler handler in handlers) handler.WorkItemTaken(delay);
    }

    public void ThreadCreated(int thread)
    {
        foreach (IRuntimeEventHandler handler in handlers) handler.ThreadCreated(thread);
    }

    public void ExceptionThrown(string type)
    {
        foreach (IRuntimeEventHandler handler in handlers) handler.ExceptionThrown(type);
    }

    public void MethodCompiled(Duration duration)
    {
        foreach (IRuntimeEventHandler handler in handlers) handler.MethodCompiled(duration);
    }

    public void TieringEnded(int methods, Duration duration)
    {
        foreach (IRuntimeEventHandler handler in handlers) handler.TieringEnded(methods, duration);
    }

    public void AssemblyLoaded()
    {
        foreach (IRuntimeEventHandler handler in handlers) handler.AssemblyLoaded();
    }
}
