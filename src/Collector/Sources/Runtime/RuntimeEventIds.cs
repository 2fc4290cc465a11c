using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Observatory.Collector.Sources.Runtime.Session;
using Observatory.Contract;

namespace Observatory.Collector.Sources.Runtime;

/// <summary>The providers whose events the timeline reads, and the session that asks for them and for whatever else is wanted.</summary>
internal static class RuntimeEventIds
{
    /// <summary>Microsoft-Windows-DotNETRuntime.</summary>
    public static readonly Guid RuntimeProvider = new("e13c0d23-ccbc-4e12-931b-d9cc2eee27e4");

    /// <summary>Observatory-Workload. Event sources derive their id from their name.</summary>
    public static readonly Guid WorkloadProvider = EventSource.GetGuid(typeof(WorkloadEventSource));

    public const int RestartEnded = 3;
    public const int SuspendBegan = 9;

    /// <summary>What a session asks for. Rundown stays off, and so do stacks where that can be: one costs the target 7 us.</summary>
    /// <param name="request">What is wanted of the runtime, beside the workload's own events, and how.</param>
    /// <param name="bufferMegabytes">Size of the target's buffers at most.</param>
    /// <param name="withCounters">Also the driving threads' own counters.</param>
    public static EventPipeSessionConfiguration Session(
        SessionRequest request, int bufferMegabytes, bool withCounters) => new(
        [
            .. request.Providers,
            new EventPipeProvider(WorkloadEventSource.SourceName, EventLevel.Informational, WorkloadKeywords(withCounters)),
        ],
        bufferMegabytes,
        requestRundown: false,
        requestStackwalk: request.WithStacks);

    // The high bits stand for no keyword of ours: all bits zero would mean every event there is.
    private static long WorkloadKeywords(bool withCounters) =>
        0xF00000000000 | (withCounters ? (long)WorkloadEventSource.Keywords.Counters : 0);
}
