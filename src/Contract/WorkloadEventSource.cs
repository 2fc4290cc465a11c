using System.Buffers.Binary;
using System.Diagnostics.Tracing;
using System.Runtime.InteropServices;

namespace Observatory.Contract;

/// <summary>
/// The events by which a workload tells any observer what it is doing. Provider name: <c>Observatory-Workload</c>.
/// </summary>
/// <remarks>
/// Every number is declared as <see cref="long"/>: mixed widths compile and look right to an in-process listener, but
/// arrive corrupted through EventPipe. The thread and the time of an event are in its header.
/// Iteration events carry two sequence numbers, so that an observer that misses some knows how many: one of the calling
/// thread, in whose order events arrive, and one of the process, which heartbeats claim. Of two threads the later number of
/// the process may be written first.
/// </remarks>
[EventSource(Name = SourceName)]
public sealed partial class WorkloadEventSource : EventSource
{
    /// <summary>The provider's name, as given to an EventPipe session.</summary>
    public const string SourceName = "Observatory-Workload";

    /// <summary>The one instance: runtimes identify an event source by its name.</summary>
    public static readonly WorkloadEventSource Log = new();

    private const int IterationFields = 4;

    [ThreadStatic]
    private static long s_threadSequence;

    private long _sequence;
    private long _iterations;

    private WorkloadEventSource()
    {
    }

    /// <summary>Iterations begun since the process started.</summary>
    public long IterationsWritten => Interlocked.Read(ref _iterations);

    /// <summary>Marks the first instant of an iteration on the calling thread.</summary>
    /// <param name="configuration">Index given to <see cref="ConfigurationDeclared"/>.</param>
    /// <returns>The iteration's number, unique in the process; hand it to <see cref="EndIteration"/>.</returns>
    [NonEvent]
    public long BeginIteration(long configuration)
    {
        long iteration = Interlocked.Increment(ref _iterations);
        if (WantsCounters) WriteCounters(OwnCounters.ReadBefore(iteration));
        if (WantsGroup) ReadGroupBefore(iteration);
        else OwnCounterGroup.Close();
        IterationStart(Interlocked.Increment(ref _sequence), iteration, configuration, ++s_threadSequence);
        return iteration;
    }

    /// <summary>Marks the last instant of an iteration, on the thread that began it or on another.</summary>
    /// <param name="iteration">What <see cref="BeginIteration"/> returned.</param>
    /// <param name="configuration">The same index as at its beginning.</param>
    [NonEvent]
    public void EndIteration(long iteration, long configuration)
    {
        IterationStop(Interlocked.Increment(ref _sequence), iteration, configuration, ++s_threadSequence);
        // Read at once, written last: the other counters should not have its writing in them.
        bool isCounted = OwnCounterGroup.TryReadAfter(iteration, out CounterGroupPayload counted);
        if (WantsCounters) WriteCounters(OwnCounters.ReadAfter(iteration));
        if (isCounted) WriteGroup(counted);
    }

    /// <summary>Tells observers how far the sequence has got, and keeps the event stream moving.</summary>
    /// <remarks>Readers hold the newest events back until a later one arrives; send this once a second.</remarks>
    [NonEvent]
    public void Beat() => Heartbeat(Interlocked.Read(ref _sequence), Interlocked.Read(ref _iterations));

    /// <summary>Tells observers what a configuration index stands for. Repeat it for those that attach late.</summary>
    [NonEvent]
    public void Declare(WorkloadConfiguration configuration)
    {
        if (!IsEnabled()) return;
        ConfigurationDeclared(
            configuration.Index,
            configuration.BatchSize,
            configuration.SequenceLength,
            configuration.EmbeddingDim,
            configuration.Threads,
            configuration.FloatingPointOperations,
            configuration.InputBytes,
            configuration.Operation,
            configuration.DataType);
    }

    [Event(WorkloadEventIds.IterationStart, ActivityOptions = EventActivityOptions.Disable)]
    private void IterationStart(long sequence, long iteration, long configuration, long threadSequence) =>
        WriteIteration(WorkloadEventIds.IterationStart, sequence, iteration, configuration, threadSequence);

    [Event(WorkloadEventIds.IterationStop, ActivityOptions = EventActivityOptions.Disable)]
    private void IterationStop(long sequence, long iteration, long configuration, long threadSequence) =>
        WriteIteration(WorkloadEventIds.IterationStop, sequence, iteration, configuration, threadSequence);

    // No overload of WriteEvent takes four numbers without allocating.
    [NonEvent]
    private unsafe void WriteIteration(int id, long sequence, long iteration, long configuration, long threadSequence)
    {
        if (!IsEnabled()) return;
        long* values = stackalloc long[IterationFields] { sequence, iteration, configuration, threadSequence };
        WriteNumbers(id, values, IterationFields);
    }

    [Event(WorkloadEventIds.ConfigurationDeclared)]
    private void ConfigurationDeclared(
        long configuration,
        long batchSize,
        long sequenceLength,
        long embeddingDim,
        long threads,
        long floatingPointOperations,
        long inputBytes,
        string operation,
        string dataType) =>
        WriteEvent(
            WorkloadEventIds.ConfigurationDeclared,
            configuration,
            batchSize,
            sequenceLength,
            embeddingDim,
            threads,
            floatingPointOperations,
            inputBytes,
            operation,
            dataType);

    [Event(WorkloadEventIds.Heartbeat)]
    private void Heartbeat(long sequence, long iterations) =>
        WriteEvent(WorkloadEventIds.Heartbeat, sequence, iterations);
}

/// <summary>Event ids of <see cref="WorkloadEventSource"/>. Ids are never reused for another payload.</summary>
public static class WorkloadEventIds
{
    /// <summary>Payload: <see cref="IterationPayload"/>.</summary>
    public const int IterationStart = 1;

    /// <summary>Payload: <see cref="IterationPayload"/>.</summary>
    public const int IterationStop = 2;

    /// <summary>Payload: <see cref="WorkloadConfiguration"/>.</summary>
    public const int ConfigurationDeclared = 3;

    /// <summary>Payload: <see cref="HeartbeatPayload"/>.</summary>
    public const int Heartbeat = 4;

    /// <summary>Payload: <see cref="CountersPayload"/>. Not in the sequence of the iteration events.</summary>
    public const int ThreadCounters = 5;

    /// <summary>Payload: <see cref="CounterGroupPayload"/>. Not in the sequence of the iteration events.</summary>
    public const int CounterGroup = 6;

    /// <summary>Payload: <see cref="CounterRefusalPayload"/>. Once for each thread that drives iterations and was refused counters.</summary>
    public const int CounterGroupRefused = 7;
}

/// <summary>Payload of an iteration's start and of its stop.</summary>
/// <param name="Sequence">
/// Counts iteration events of the process from 1, without a gap. Taken just before the event is written: those of
/// different threads may arrive in another order.
/// </param>
/// <param name="Iteration">Number of the iteration in the process, from 1.</param>
/// <param name="Configuration">Index of its configuration.</param>
/// <param name="ThreadSequence">
/// Counts iteration events of the calling thread from 1, without a gap and in order; 0 from a library that has no such count.
/// </param>
public readonly record struct IterationPayload(long Sequence, long Iteration, long Configuration, long ThreadSequence = 0)
{
    /// <summary>Reads the payload; false when it is too short to be one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out IterationPayload result)
    {
        var reader = new PayloadReader(payload);
        bool complete = reader.TryReadInt64(out long sequence)
            & reader.TryReadInt64(out long iteration)
            & reader.TryReadInt64(out long configuration);
        if (!reader.TryReadInt64(out long threadSequence)) threadSequence = 0;
        result = new IterationPayload(sequence, iteration, configuration, threadSequence);
        return complete;
    }
}

/// <summary>Payload of the heartbeat.</summary>
/// <param name="Sequence">The highest number given to an iteration event of the process; that event may still be on its way.</param>
/// <param name="Iterations">Iterations begun so far.</param>
public readonly record struct HeartbeatPayload(long Sequence, long Iterations)
{
    /// <summary>Reads the payload; false when it is too short to be one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out HeartbeatPayload result)
    {
        var reader = new PayloadReader(payload);
        bool complete = reader.TryReadInt64(out long sequence) & reader.TryReadInt64(out long iterations);
        result = new HeartbeatPayload(sequence, iterations);
        return complete;
    }
}

/// <summary>
/// Reads an event's payload as EventPipe carries it: numbers little-endian and unaligned, strings as UTF-16 that end
/// with a zero character.
/// </summary>
internal ref struct PayloadReader(ReadOnlySpan<byte> payload)
{
    private ReadOnlySpan<byte> _rest = payload;

    public bool TryReadInt64(out long value)
    {
        if (!BinaryPrimitives.TryReadInt64LittleEndian(_rest, out value)) return false;
        _rest = _rest[sizeof(long)..];
        return true;
    }

    public bool TryReadString(out string value)
    {
        ReadOnlySpan<char> characters = MemoryMarshal.Cast<byte, char>(_rest);
        int length = characters.IndexOf('\0');
        value = length < 0 ? "" : new string(characters[..length]);
        if (length < 0) return false;
        _rest = _rest[((length + 1) * sizeof(char))..];
        return true;
    }
}
