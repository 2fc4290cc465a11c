using System.Diagnostics.Tracing;

namespace Observatory.Contract;

/// <content>
/// The events of the driving thread's own counters. Their payload is written by pointer: it has more numbers than any
/// overload of WriteEvent that does not allocate, and observation should not make a driving thread collect
/// garbage.
/// </content>
public sealed partial class WorkloadEventSource
{
    private const int CountersFields = 7;
    private const int GroupFields = 8;

    private bool WantsCounters =>
        IsEnabled(EventLevel.Informational, Keywords.Counters) && OwnCounters.AreSupported;

    private bool WantsGroup =>
        IsEnabled(EventLevel.Informational, Keywords.CounterGroup) && OwnCounters.AreSupported;

    /// <summary>An observer comes or goes; one that wants a set of counters says so among its arguments.</summary>
    protected override void OnEventCommand(EventCommandEventArgs command)
    {
        if (command.Command == EventCommand.Disable) return;
        if (command.Arguments?.TryGetValue(CounterSet.Argument, out string? name) != true || name is null) return;
        if (CounterSet.Named(name) is { } set) CounterRequest.Latest = new CounterRequest(set);
    }

    [NonEvent]
    private void ReadGroupBefore(long iteration)
    {
        CounterRequest request = CounterRequest.Latest;
        if (OwnCounterGroup.OpenOnce(request) is { Error: not 0 } refused) CounterGroupRefused(request.Set.Id, refused.Error);
        OwnCounterGroup.ReadBefore(iteration);
    }

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
        WriteNumbers(WorkloadEventIds.ThreadCounters, values, CountersFields);
    }

    [NonEvent]
    private void WriteGroup(in CounterGroupPayload counted) => CounterGroup(
        counted.Iteration,
        counted.Set,
        counted.Enabled,
        counted.Running,
        counted.First,
        counted.Second,
        counted.Third,
        counted.Fourth);

    [Event(WorkloadEventIds.CounterGroup, Keywords = Keywords.CounterGroup)]
    private unsafe void CounterGroup(
        long iteration, long set, long enabled, long running, long first, long second, long third, long fourth)
    {
        long* values = stackalloc long[GroupFields] { iteration, set, enabled, running, first, second, third, fourth };
        WriteNumbers(WorkloadEventIds.CounterGroup, values, GroupFields);
    }

    [Event(WorkloadEventIds.CounterGroupRefused, Keywords = Keywords.CounterGroup)]
    private void CounterGroupRefused(long set, long error) => WriteEvent(WorkloadEventIds.CounterGroupRefused, set, error);

    [NonEvent]
    private unsafe void WriteNumbers(int id, long* values, int count)
    {
        EventData* fields = stackalloc EventData[count];
        for (int i = 0; i < count; i++) fields[i] = new EventData { DataPointer = (nint)(values + i), Size = sizeof(long) };
        WriteEventCore(id, count, fields);
    }

    /// <summary>What an observer may ask for besides the iterations themselves.</summary>
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

        /// <summary>
        /// <see cref="WorkloadEventIds.CounterGroup"/> after each iteration: the <see cref="CounterSet"/> named by
        /// <see cref="CounterSet.Argument"/>, read by the driving thread at both marks.
        /// </summary>
        public const EventKeywords CounterGroup = (EventKeywords)0x2;
    }
}
