using Microsoft.Diagnostics.NETCore.Client;
using System.Diagnostics.Tracing;
using Observatory.Contract;

namespace Observatory.Collector.Sources.Runtime;

/// <summary>The runtime events that are read, by the ids of the runtime's manifest (ClrEtwAll.man).</summary>
internal static class RuntimeEventIds
{
    /// <summary>Microsoft-Windows-DotNETRuntime.</summary>
    public static readonly Guid RuntimeProvider = new("e13c0d23-ccbc-4e12-931b-d9cc2eee27e4");

    /// <summary>Observatory-Workload. Event sources derive their id from their name.</summary>
    public static readonly Guid WorkloadProvider = EventSource.GetGuid(typeof(WorkloadEventSource));

    public const int RestartEnded = 3;
    public const int SuspendBegan = 9;

    private const long GcKeyword = 0x1;

    /// <summary>What a session asks for. Stacks and rundown stay off: a stack costs the target 7 us an event.</summary>
    /// <param name="bufferMegabytes">Of the target's memory, for events that are not read yet.</param>
    /// <param name="withCounters">Also the driving threads' own counters.</param>
    public static EventPipeSessionConfiguration Session(int bufferMegabytes, bool withCounters) => new(
        [
            new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, GcKeyword),
            new EventPipeProvider(WorkloadEventSource.SourceName, EventLevel.Informational, WorkloadKeywords(withCounters)),
        ],
        bufferMegabytes,
        requestRundown: false,
        requestStackwalk: false);

    // The high bits stand for no keyword of ours: all bits zero would mean every event there is.
    private static long WorkloadKeywords(bool withCounters) =>
        0xF00000000000 | (withCounters ? (long)WorkloadEventSource.Keywords.Counters : 0);
}
