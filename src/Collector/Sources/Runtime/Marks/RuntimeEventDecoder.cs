using Microsoft.Diagnostics.Tracing;
using Observatory.Contract;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Events of an EventPipe session in, timeline events and configurations out.</summary>
internal sealed class RuntimeEventDecoder(
    SourceStatus status,
    Action<TimelineEvent> deliver,
    Action<WorkloadConfiguration> declare,
    ThreadReports reports,
    Func<int, Timestamp, int> ourThread)
{
    private readonly SequenceCheck _sequence = new();
    private readonly SourceStatus.Counter _iterations = status.CounterOf("iteration");
    private readonly SourceStatus.Counter _suspensions = status.CounterOf("suspension");
    private readonly SourceStatus.Counter _heartbeats = status.CounterOf("heartbeat");
    private readonly SourceStatus.Counter _configurations = status.CounterOf("configuration");
    private readonly SourceStatus.Counter _counters = status.CounterOf("thread_counters");
    private readonly SourceStatus.Counter _groups = status.CounterOf("counter_group");
    private readonly RuntimeEventCounts _others = new(status);
    private readonly SourceStatus.Counter _malformed = status.CounterOf("malformed");
    private byte[] _payload = new byte[256];
    private LostEventCount _lost;

    /// <summary>A session begins, which counts its own losses.</summary>
    public void Begin() => _lost = default;

    /// <summary>Takes one event, of any provider.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="lostSoFar">Events the session has lost up to here, as TraceEvent counts them.</param>
    public void Decode(TraceEvent happened, int lostSoFar)
    {
        Timestamp at = EventTime.From(happened);
        long lost = _lost.Advance(lostSoFar);
        if (lost > 0) NoteLoss(PlaceOfLoss(at, new Timestamp(MonotonicClock.NowNanoseconds())), lost);
        if (happened.ProviderGuid == RuntimeEventIds.WorkloadProvider) DecodeWorkload(happened, at);
        else if (happened.ProviderGuid == RuntimeEventIds.RuntimeProvider) DecodeRuntime(happened, at);
        else if (happened.ProviderGuid == RuntimeEventIds.HeartbeatProvider) _heartbeats.Increment();
        else _others.Count(happened);
    }

    /// <summary>
    /// Until when events may be missing. TraceEvent counts a gap when it reads the block behind it, and then hands over events
    /// of other threads that may be older than the gap: what was read has happened, so the gap lies before this instant.
    /// </summary>
    /// <param name="at">Time of the event that is handed over.</param>
    /// <param name="now">The same clock, now.</param>
    internal static Timestamp PlaceOfLoss(Timestamp at, Timestamp now) => Timestamp.Later(at, now);

    private void DecodeRuntime(TraceEvent happened, Timestamp at)
    {
        switch ((int)happened.ID)
        {
            case RuntimeEventIds.SuspendBegan:
                _suspensions.Increment();
                deliver(TimelineEvent.SuspensionBegan(at, ourThread(happened.ThreadID, at)));
                break;
            case RuntimeEventIds.SuspendEnded:
                _others.Count(happened);
                deliver(TimelineEvent.SuspensionReached(at));
                break;
            case RuntimeEventIds.RestartEnded:
                _suspensions.Increment();
                deliver(TimelineEvent.SuspensionEnded(at));
                break;
            default:
                _others.Count(happened);
                break;
        }
    }

    private void DecodeWorkload(TraceEvent happened, Timestamp at)
    {
        ReadOnlySpan<byte> payload = PayloadOf(happened);
        switch ((int)happened.ID)
        {
            case WorkloadEventIds.IterationStart when IterationPayload.TryRead(payload, out IterationPayload begun):
                int beginner = ourThread(happened.ThreadID, at);
                if (TargetThreadIds.IsUnknown(beginner)) deliver(UnidentifiedDriver.Began(beginner, at));
                DeliverIteration(begun, TimelineEvent.IterationBegan(at, beginner, begun.Iteration, begun.Configuration));
                break;
            case WorkloadEventIds.IterationStop when IterationPayload.TryRead(payload, out IterationPayload ended):
                int ender = ourThread(happened.ThreadID, at);
                DeliverIteration(ended, TimelineEvent.IterationEnded(at, ender, ended.Iteration, ended.Configuration));
                if (TargetThreadIds.IsUnknown(ender)) Array.ForEach(UnidentifiedDriver.Ended(ender, at), deliver);
                break;
            case WorkloadEventIds.ThreadCounters when CountersPayload.TryRead(payload, out CountersPayload counters):
                _counters.Increment();
                reports.Readings.Post(at, counters);
                break;
            case WorkloadEventIds.CounterGroup when CounterGroupPayload.TryRead(payload, out CounterGroupPayload counted):
                _groups.Increment();
                reports.Groups.Post(counted);
                break;
            case WorkloadEventIds.CounterGroupRefused when CounterRefusalPayload.TryRead(payload, out CounterRefusalPayload refusal):
                _groups.Increment();
                reports.Groups.Refuse(refusal);
                break;
            case WorkloadEventIds.Heartbeat when HeartbeatPayload.TryRead(payload, out HeartbeatPayload heartbeat):
                _heartbeats.Increment();
                NoteLoss(at, _sequence.ObserveHeartbeat(heartbeat.Sequence), counted: true);
                break;
            case WorkloadEventIds.ConfigurationDeclared when WorkloadConfiguration.Read(payload) is { } configuration:
                _configurations.Increment();
                declare(configuration);
                break;
            default:
                _malformed.Increment();
                break;
        }
    }

    /// <summary>Copies into the same array again and again: two marks an iteration, and no garbage of them.</summary>
    private ReadOnlySpan<byte> PayloadOf(TraceEvent happened)
    {
        int length = happened.EventDataLength;
        if (length > _payload.Length) _payload = new byte[length];
        happened.EventData(_payload, 0, 0, length);
        return _payload.AsSpan(0, length);
    }

    private void DeliverIteration(IterationPayload payload, TimelineEvent happened)
    {
        _iterations.Increment();
        NoteLoss(happened.At, _sequence.ObserveIteration(happened.Thread, payload), counted: true);
        deliver(happened);
    }

    /// <param name="at">The first instant at which events are known to arrive again.</param>
    /// <param name="missing">How many are missing; nothing happens when it is zero.</param>
    /// <param name="counted">True when TraceEvent's own count has them too: it is exact, but comes without a place.</param>
    private void NoteLoss(Timestamp at, long missing, bool counted = false)
    {
        if (missing <= 0) return;
        if (counted) status.CountMissing(missing);
        else status.CountLost(missing);
        reports.Readings.Lose(at);
        deliver(TimelineEvent.LossEnded(at, LossScope.Runtime));
    }
}

/// <summary>How many events a session lost since it was last asked, from TraceEvent's running total.</summary>
/// <remarks>
/// When a thread's sequence numbers begin anew, which happens when the kernel gives a new thread the id of one that ended,
/// TraceEvent cannot tell what is missing and adds <see cref="int.MaxValue"/>. Its total is an int without overflow checks:
/// it turns negative there, and by comparison alone no later loss would be seen. So only the difference counts, modulo 2^32.
/// </remarks>
internal struct LostEventCount
{
    private int _total;

    /// <summary>Takes the total.</summary>
    /// <returns>Events lost since: zero for none, and at least one where their number cannot be told.</returns>
    public long Advance(int total)
    {
        int step = unchecked(total - _total);
        _total = total;
        if (step == 0) return 0;

        // A new beginning adds 2^31 - 1: the 2^31 is in the highest bit, the -1 in the 31 bits below, which are read with a sign.
        int rest = (step << 1) >> 1;
        return Math.Max(1L, step < 0 ? rest + 1L : rest);
    }
}

/// <summary>
/// What the timeline is told around an iteration of a thread whose id could not be translated: which switches are its own is
/// not known.
/// </summary>
internal static class UnidentifiedDriver
{
    /// <summary>Before the beginning: all that the thread does is unknown.</summary>
    public static TimelineEvent Began(int thread, Timestamp at) =>
        TimelineEvent.LossBegan(at, LossScope.Thread(thread), IncompleteReasons.NotJoined);

    /// <summary>
    /// After the end: nothing else will ever tell that the thread ended, and it would count among the target's threads for
    /// ever.
    /// </summary>
    public static TimelineEvent[] Ended(int thread, Timestamp at)
    {
        LossScope ring = LossScope.Thread(thread);
        return
        [
            TimelineEvent.LossEnded(new Timestamp(at.Nanoseconds + 1), ring, IncompleteReasons.NotJoined),
            TimelineEvent.Exited(new Timestamp(at.Nanoseconds + 2), ring.Value, thread, process: 0),
        ];
    }
}

/// <summary>Counts events that the timeline does not read by the group they were asked for with.</summary>
internal sealed class RuntimeEventCounts(SourceStatus status)
{
    private const int MostIds = 512;
    private readonly SourceStatus.Counter _other = status.CounterOf("other");
    private readonly SourceStatus.Counter _requests = status.CounterOf("request");
    private readonly SourceStatus.Counter _segments = status.CounterOf("segment");
    private readonly SourceStatus.Counter _operations = status.CounterOf("operation");
    private readonly SourceStatus.Counter?[] _byId = new SourceStatus.Counter?[MostIds];

    public void Count(TraceEvent happened) => CounterOf(happened).Increment();

    private SourceStatus.Counter CounterOf(TraceEvent happened)
    {
        // Events of the garbage collector that are not in the manifest get a number from TraceEvent, beyond all others.
        int id = (int)happened.ID;
        if (happened.ProviderGuid != RuntimeEventIds.RuntimeProvider || id >= MostIds) return OfProvider(happened);
        return _byId[id] ??= GroupEvents.All.Append(GroupEvents.Ticks)
            .FirstOrDefault(events => events.IsOfRuntime && events.Ids.Contains((uint)id)) is { } group ? CounterOf(group.Group) : _other;
    }

    private SourceStatus.Counter OfProvider(TraceEvent happened) =>
        happened.ProviderGuid == GroupEvents.FrameworkProvider ? CounterOf(EventGroups.Queue)
        : happened.ProviderGuid == RuntimeEventIds.RuntimeProvider ? CounterOf(EventGroups.Gc)
        : happened.ProviderGuid == GroupEvents.PrivateProvider ? CounterOf(EventGroups.Background)
        : happened.ProviderGuid == HostingEvents.ProviderId ? _requests
        : happened.ProviderGuid == ActivityIdSegments.Id ? _segments
        : OperationEvents.IsOf(happened.ProviderGuid) ? _operations
        : _other;

    private SourceStatus.Counter CounterOf(EventGroups group) => status.CounterOf(EventDetail.NameOf(group));
}

/// <summary>The time of a runtime event on the clock that all sources share.</summary>
internal static class EventTime
{
    /// <summary>
    /// The event's raw time stamp. On Linux the runtime takes it from CLOCK_MONOTONIC in nanoseconds: the clock that the
    /// kernel source asks perf for, so nothing has to be converted.
    /// </summary>
    public static Timestamp From(TraceEvent happened)
    {
#pragma warning disable CS0618 // Discouraged in favour of milliseconds since the session began, which fit no other clock.
        return new Timestamp(happened.TimeStampQPC);
#pragma warning restore CS0618
    }
}
