using Observatory.Contract;

namespace Observatory.Collector;

/// <summary>What a session asks for beside the groups of runtime events.</summary>
/// <param name="OwnCounters">The driving threads' own counters: the kernel source needs them.</param>
/// <param name="Group">The set of counters that driving threads read at their marks; null for none.</param>
/// <param name="Heartbeat">
/// Events of the runtime once a second: the target may send none of its own, and a stream that stands still tells nobody
/// how far it is complete.
/// </param>
internal sealed record SessionExtras(bool OwnCounters, CounterSet? Group, bool Heartbeat);
