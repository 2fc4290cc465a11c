namespace Observatory.Contract;

/// <summary>One counter of perf_event_open(2).</summary>
/// <param name="Name">Its name, in JSON.</param>
/// <param name="Type"><c>type</c> of struct perf_event_attr.</param>
/// <param name="Config"><c>config</c> of struct perf_event_attr.</param>
public sealed record CounterDefinition(string Name, uint Type, ulong Config);
