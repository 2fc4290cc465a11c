namespace Observatory.Contract;

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

    /// <summary>Payload: <see cref="CounterRefusalPayload"/>. Once for each thread that would drive iterations with counters.</summary>
    public const int CounterGroupRefused = 7;
}
