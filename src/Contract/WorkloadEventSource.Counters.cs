using System.Diagnostics.Tracing;

namespace Observatory.Contract;

/// <content>
/// The one event whose payload is written by pointer: it has more numbers than any overload of WriteEvent that does
/// not allocate, and a thread that drives iterations should not be made to collect garbage by being observed.
/// </content>
public sealed partial class WorkloadEventSource
{
    private const int CountersFields = 7;

    private bool WantsCounters =>
        IsEnabled(EventLevel.Informational, Keywords.Counters) && OwnCounters.AreSupported;

    [NonEvent]
    private void WriteCounters(in CountersPayload read) => ThreadCounters(
        read.Iteration,
        read.Cpu,
        read.Waited,
        read.VoluntarySwitches,
        read.InvoluntarySwitches,
        read.MinorFaults,
        read.MajorFaults);

    [Event(WorkloadEventIds.ThreadCounters, Keywords = Keywords.Counters)]
    private unsafe void ThreadCounters(
        long iteration, long cpu, long waited, long voluntary, long involuntary, long minorFaults, long majorFaults)
    {
        long* values = stackalloc long[CountersFields]
        {
            iteration, cpu, waited, voluntary, involuntary, minorFaults, majorFaults,
        };
        EventData* fields = stackalloc EventData[CountersFields];
        for (int i = 0; i < CountersFields; i++)
            fields[i] = new EventData { DataPointer = (nint)(values + i), Size = sizeof(long) };
        WriteEventCore(WorkloadEventIds.ThreadCounters, CountersFields, fields);
    }

    /// <summary>What an observer may ask for beside the iterations themselves.</summary>
    /// <remarks>Public and nested, because that is where the base class looks for them.</remarks>
#pragma warning disable CA1034
    public static class Keywords
#pragma warning restore CA1034
    {
        /// <summary>
        /// <see cref="WorkloadEventIds.ThreadCounters"/> around each iteration. For observers that cannot see the
        /// scheduler themselves: two readings cost the driving thread some microseconds, outside the iteration.
        /// </summary>
        public const EventKeywords Counters = (EventKeywords)0x1;
    }
}
