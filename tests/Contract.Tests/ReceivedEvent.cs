namespace Observatory.Contract.Tests;

/// <summary>One event as it came out of an EventPipe session.</summary>
/// <param name="Id">One of <see cref="WorkloadEventIds"/>.</param>
/// <param name="ThreadId">The thread of the header: gettid() of the writer.</param>
/// <param name="Timestamp">CLOCK_MONOTONIC in nanoseconds.</param>
/// <param name="Payload">The bytes.</param>
public sealed record ReceivedEvent(int Id, int ThreadId, long Timestamp, byte[] Payload);
