namespace Observatory.Collector;

/// <summary>What driving threads tell of themselves.</summary>
/// <param name="Readings">Their own counters, which complete accounts at lower tiers.</param>
/// <param name="Groups">Counters of the processor or the kernel, which stand beside accounts.</param>
internal sealed record ThreadReports(CounterReadings Readings, CounterGroups Groups);
