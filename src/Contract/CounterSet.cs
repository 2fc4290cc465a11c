namespace Observatory.Contract;

/// <summary>Counters of perf_event_open(2) that are counted over the same time, as one group; the first one leads it.</summary>
/// <param name="Id">Identifies the set in events.</param>
/// <param name="Name">How it is asked for.</param>
/// <param name="Counters">At most <see cref="Size"/>, in the order of <see cref="CounterGroupPayload"/>.</param>
public sealed record CounterSet(long Id, string Name, IReadOnlyList<CounterDefinition> Counters)
{
    /// <summary>Counters of a set.</summary>
    public const int Size = 4;

    /// <summary>The provider's argument that says which set an observer wants; without it, <see cref="Hardware"/>.</summary>
    public const string Argument = "CounterSet";

    /// <summary>What the processor counts, in user mode: cycles, instructions retired, misses of last-level cache and data TLB.</summary>
    /// <remarks>enum perf_hw_id; enum perf_hw_cache_id with its operation &lt;&lt; 8 and result &lt;&lt; 16.</remarks>
    public static readonly CounterSet Hardware = new(1, "hardware",
    [
        new("cycles", Type: 0, Config: 0),
        new("instructions", Type: 0, Config: 1),
        new("last_level_cache_misses", Type: 0, Config: 3),
        new("data_tlb_misses", Type: 3, Config: 3 | (0 << 8) | (1 << 16)),
    ]);

    /// <summary>What the kernel counts on every machine: nanoseconds on a CPU, and page faults taken in user mode.</summary>
    /// <remarks>enum perf_sw_ids.</remarks>
    public static readonly CounterSet Software = new(2, "software",
    [
        new("task_clock_ns", Type: 1, Config: 1),
        new("user_page_faults", Type: 1, Config: 2),
        new("user_minor_faults", Type: 1, Config: 5),
        new("user_major_faults", Type: 1, Config: 6),
    ]);

    /// <summary>The names of its counters, in order.</summary>
    public IReadOnlyList<string> Names { get; } = [.. Counters.Select(counter => counter.Name)];

    /// <summary>The set of a name; null when there is none.</summary>
    public static CounterSet? Named(string name) =>
        name == Hardware.Name ? Hardware : name == Software.Name ? Software : null;

    /// <summary>The set of an id; null when there is none.</summary>
    public static CounterSet? Find(long id) => id == Hardware.Id ? Hardware : id == Software.Id ? Software : null;
}

/// <summary>One counter of perf_event_open(2).</summary>
/// <param name="Name">Its name, in JSON.</param>
/// <param name="Type"><c>type</c> of struct perf_event_attr.</param>
/// <param name="Config"><c>config</c> of struct perf_event_attr.</param>
public sealed record CounterDefinition(string Name, uint Type, ulong Config);

/// <summary>The counters an observer asked for. A new object each time one asks, so that what was refused before is tried again.</summary>
/// <param name="set">Which.</param>
internal sealed class CounterRequest(CounterSet set)
{
    /// <summary>What the observer that asked last wants.</summary>
    public static volatile CounterRequest Latest = new(CounterSet.Hardware);

    /// <summary>Which counters.</summary>
    public CounterSet Set => set;
}
