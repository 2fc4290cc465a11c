using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// Receives what a target's runtime tells, on the reader's thread, in the order of time; must not block. Implement what
/// is wanted.
/// </summary>
internal interface IRuntimeEventHandler
{
    /// <summary>Managed threads go on after they were suspended.</summary>
    /// <param name="pause">What happened.</param>
    /// <param name="configuration">Index of the configuration that ran when it began; null between iterations.</param>
    void Paused(in GcPause pause, long? configuration)
    {
    }

    /// <summary>A collection began.</summary>
    void CollectionBegan(in GcCollection collection)
    {
    }

    /// <summary>A collection ended; told for each generation.</summary>
    void GenerationSeen(in GenerationAfter generation)
    {
    }

    /// <summary>A collection ended.</summary>
    void HeapSeen(in HeapAfter heap)
    {
    }

    /// <summary>The garbage collector told how much memory it has from the system, in bytes.</summary>
    void CommittedSeen(long bytes)
    {
    }

    /// <summary>A phase of a background collection ended.</summary>
    void BackgroundPhaseEnded(string phase, Duration duration)
    {
    }

    /// <summary>An allocation was sampled.</summary>
    /// <param name="sample">What was allocated.</param>
    /// <param name="configuration">Index of the configuration that runs; null between iterations.</param>
    void Allocated(in AllocationSample sample, long? configuration)
    {
    }

    /// <summary>A thread got a lock that it had waited for.</summary>
    void Contended(in LockWait wait)
    {
    }

    /// <summary>A wait for a handle or a monitor ended.</summary>
    void Waited(string kind, Duration wait)
    {
    }

    /// <summary>The thread pool's number of workers was adjusted.</summary>
    void WorkersAdjusted(int workers, string reason)
    {
    }

    /// <summary>The thread pool added a worker, because no work item had been taken from its queue for half a second.</summary>
    void PoolStarved(Timestamp at)
    {
    }

    /// <summary>A worker of the thread pool came or went.</summary>
    void WorkersCounted(int workers)
    {
    }

    /// <summary>A work item left the thread pool's queue.</summary>
    /// <param name="delay">How long it was in there; null when its way in was not seen.</param>
    void WorkItemTaken(Duration? delay)
    {
    }

    /// <summary>A managed thread came into being; kernel id.</summary>
    void ThreadCreated(int thread)
    {
    }

    /// <summary>An exception was thrown.</summary>
    void ExceptionThrown(string type)
    {
    }

    /// <summary>A method was compiled.</summary>
    void MethodCompiled(Duration duration)
    {
    }

    /// <summary>The background thread that recompiles hot methods came to its end.</summary>
    void TieringEnded(int methods, Duration duration)
    {
    }

    /// <summary>An assembly was loaded.</summary>
    void AssemblyLoaded()
    {
    }

    /// <summary>A thread threw an exception while it worked on a request; told beside the exception itself, as the next two are.</summary>
    void ThrownBy(RequestName request)
    {
    }

    /// <summary>A sample of what threads allocated while they worked on a request: bytes that it stands for.</summary>
    void AllocatedBy(RequestName request, double bytes)
    {
    }

    /// <summary>A thread triggered a collection while it worked on a request.</summary>
    void CollectedBy(RequestName request, int generation)
    {
    }
}

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

    public void Contended(in LockWait wait)
    {
        foreach (IRuntimeEventHandler handler in handlers) handler.Contended(wait);
    }

    public void Waited(string kind, Duration wait)
    {
        foreach (IRuntimeEventHandler handler in handlers) handler.Waited(kind, wait);
    }

    public void WorkersAdjusted(int workers, string reason)
    {
        foreach (IRuntimeEventHandler handler in handlers) handler.WorkersAdjusted(workers, reason);
    }

    public void PoolStarved(Timestamp at)
    {
        foreach (IRuntimeEventHandler handler in handlers) handler.PoolStarved(at);
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

    public void ThrownBy(RequestName request)
    {
        foreach (IRuntimeEventHandler handler in handlers) handler.ThrownBy(request);
    }

    public void AllocatedBy(RequestName request, double bytes)
    {
        foreach (IRuntimeEventHandler handler in handlers) handler.AllocatedBy(request, bytes);
    }

    public void CollectedBy(RequestName request, int generation)
    {
        foreach (IRuntimeEventHandler handler in handlers) handler.CollectedBy(request, generation);
    }
}
