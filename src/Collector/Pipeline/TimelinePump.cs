using System.Diagnostics;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Moves what sources left in their inboxes through the timeline, on a thread of its own.</summary>
/// <param name="timeline">Where they go.</param>
/// <param name="inboxes">Where they come from.</param>
/// <param name="incomplete">How many incomplete accounts were shown so far.</param>
/// <param name="visited">Called on the pump's thread after each visit to the inboxes; null for nothing.</param>
internal sealed class TimelinePump(
    Timeline.Timeline timeline, IReadOnlyList<Inbox> inboxes, Func<long> incomplete, Action? visited = null) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    // Not an event that spins first: it waits for its whole interval most of the time, and would take the CPU from the target.
    private readonly object _sleep = new();
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _visited = Stopwatch.GetTimestamp();
    private Thread? _thread;
    private bool _stopping;
    private bool _isWoken;
    private volatile TimelineCounts _counts = new();
    private volatile PoolAccount _process = PoolAccount.None;

    /// <summary>What went wrong on the pump's thread; null while all is well.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Completes when something did: nothing will be accounted for any more.</summary>
    public Task Failed => _failed.Task;

    /// <summary>True once it was told to end.</summary>
    public bool HasFinished { get; private set; }

    /// <summary>How long ago it had moved everything there was. A long visit is a visit that hangs.</summary>
    public TimeSpan SinceVisit => Stopwatch.GetElapsedTime(Volatile.Read(ref _visited));

    /// <summary>What the timeline had counted at the last visit, and what was shown of it by now.</summary>
    public TimelineCounts Counts => _counts with { IterationsIncomplete = incomplete() };

    /// <summary>What the threads of the target had done at the last visit.</summary>
    public PoolAccount ProcessTimes => _process;

    public void Start()
    {
        foreach (Inbox inbox in inboxes) inbox.Filling = Wake;
        _thread = new Thread(Run) { Name = "timeline", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Empties the inboxes a last time, applies what is held, and ends. Sources must have ended before.</summary>
    public void Finish()
    {
        HasFinished = true;
        lock (_sleep)
        {
            _stopping = true;
            Monitor.Pulse(_sleep);
        }

        _thread?.Join();
        _thread = null;
    }

    public void Dispose() => Finish();

    private void Run()
    {
        try
        {
            while (WaitForMore()) Visit();

            MoveAll();
            timeline.Flush();
            Publish();
        }
#pragma warning disable CA1031 // The thread's edge: it is reported, and the session ends with what there is.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failure = failure;
            _failed.TrySetResult();
            // Sources must not wait for room for ever; their events have nowhere to go.
            while (WaitForMore()) DiscardAll();
        }
    }

    /// <summary>Waits until a look is due, or an inbox fills. False when it should end.</summary>
    private bool WaitForMore()
    {
        lock (_sleep)
        {
            if (!_isWoken && !_stopping) Monitor.Wait(_sleep, Interval);
            _isWoken = false;
            return !_stopping;
        }
    }

    private void Wake()
    {
        lock (_sleep)
        {
            _isWoken = true;
            Monitor.Pulse(_sleep);
        }
    }

    /// <summary>Moves everything that was left since the last visit. On the pump's thread.</summary>
    internal void Visit()
    {
        bool isMore;
        // A stream that stood still lets go of seconds at once. Meanwhile the sources need room, or the kernel's rings overflow.
        do
        {
            MoveAll();
            isMore = timeline.ReleaseSome();
            Publish();
            Volatile.Write(ref _visited, Stopwatch.GetTimestamp());
            visited?.Invoke();
        }
        while (isMore);
    }

    private void DiscardAll()
    {
        foreach (Inbox inbox in inboxes) inbox.Take();
    }

    /// <summary>
    /// Each step for every stream before the next step for any: a stream that has just joined must be waited for, also
    /// by the events of the others that were left in the same moment.
    /// </summary>
    private void MoveAll()
    {
        (StreamKind Stream, Delivery Delivery)[] taken = [.. inboxes.Select(inbox => (inbox.Stream, inbox.Take()))];
        if (taken.All(one => one.Delivery.IsEmpty)) return;
        foreach ((StreamKind stream, Delivery delivery) in taken)
        {
            if (delivery.Joined is { } from) timeline.Join(stream, from);
        }

        foreach ((_, Delivery delivery) in taken) AddAll(delivery.Events.Run);
        foreach ((StreamKind stream, Delivery delivery) in taken)
        {
            if (delivery.CompleteTo > Timestamp.Zero) timeline.Claim(stream, delivery.CompleteTo);
            if (delivery.Left is { } at) timeline.Leave(stream, at);
        }
    }

    private void Publish()
    {
        _counts = TimelineCounts.From(timeline.Counters);
        _process = timeline.ProcessTimes;
    }

    private void AddAll(EventRun events)
    {
        int whole = 0;
        foreach (ref readonly PackedEvent place in events.Places)
        {
            if (!place.IsWhole)
            {
                timeline.Add(place);
                continue;
            }

            ref readonly TimelineEvent happened = ref events.Whole[whole++];
            // A source only knows that events are missing before this one; the timeline knows since when.
            if (happened.Kind == EventKind.LossEnded) timeline.AddLoss(happened.Scope, happened.At, happened.Reasons);
            else timeline.Add(happened);
        }
    }
}

/// <summary>What the timeline has counted up to a moment; unlike <see cref="TimelineCounters"/> for any thread to read.</summary>
/// <remarks>
/// Every iteration event that was read is in here: those of <see cref="IterationsClosed"/> twice, and one each for an
/// iteration whose other event is missing. Those that were never read are the source's <c>Missing</c>.
/// </remarks>
internal sealed record TimelineCounts
{
    /// <summary>Iterations whose beginning and end were both seen.</summary>
    public long IterationsClosed { get; init; }

    /// <summary>Incomplete accounts, of those that were shown: as they are when all that completes them has been joined.</summary>
    public long IterationsIncomplete { get; init; }

    /// <summary>Iterations of which only the end was seen: no account.</summary>
    public long BeginningsMissing { get; init; }

    /// <summary>Iterations of which only the beginning was seen: no account.</summary>
    public long EndsMissing { get; init; }

    /// <summary>Iterations whose thread began another one before ending them: no account.</summary>
    public long IterationsNested { get; init; }

    /// <summary>Iterations that ended on another thread than they began on: an account only where that thread began no other.</summary>
    public long IterationsMoved { get; init; }

    /// <summary>Units reported as complete before a switch or a wake-up inside them arrived late: their split may be wrong.</summary>
    public long UnitsDoubted { get; init; }

    /// <summary>Runtime events that came too late to be put in their place.</summary>
    public long LateRuntimeEvents { get; init; }

    /// <summary>Scheduler events that came too late to be put in their place.</summary>
    public long LateSchedulerEvents { get; init; }

    /// <summary>Times a CPU's switches did not follow from one another without a reported loss.</summary>
    public long ChainBreaks { get; init; }

    /// <summary>Times a thread's events did not follow from one another without a reported loss.</summary>
    public long Contradictions { get; init; }

    /// <summary>Times a thread came to a CPU after a sleep whose wake-up was not seen.</summary>
    public long UnseenWakeUps { get; init; }

    /// <summary>Times a sleep whose wake-up was not seen ended on a CPU that had been idle: blocked to its end.</summary>
    public long InferredWakeUps { get; init; }

    /// <summary>How much waking each of those hides at most, in seconds: the 99th percentile of those that were seen; null where none was.</summary>
    public double? InferredWakingAtMostSeconds { get; init; }

    /// <summary>What two timelines have counted.</summary>
    public static TimelineCounts operator +(TimelineCounts a, TimelineCounts b) => new()
    {
        IterationsClosed = a.IterationsClosed + b.IterationsClosed,
        IterationsIncomplete = a.IterationsIncomplete + b.IterationsIncomplete,
        BeginningsMissing = a.BeginningsMissing + b.BeginningsMissing,
        EndsMissing = a.EndsMissing + b.EndsMissing,
        IterationsNested = a.IterationsNested + b.IterationsNested,
        IterationsMoved = a.IterationsMoved + b.IterationsMoved,
        UnitsDoubted = a.UnitsDoubted + b.UnitsDoubted,
        LateRuntimeEvents = a.LateRuntimeEvents + b.LateRuntimeEvents,
        LateSchedulerEvents = a.LateSchedulerEvents + b.LateSchedulerEvents,
        ChainBreaks = a.ChainBreaks + b.ChainBreaks,
        Contradictions = a.Contradictions + b.Contradictions,
        UnseenWakeUps = a.UnseenWakeUps + b.UnseenWakeUps,
        InferredWakeUps = a.InferredWakeUps + b.InferredWakeUps,
        InferredWakingAtMostSeconds = a.InferredWakingAtMostSeconds >= b.InferredWakingAtMostSeconds || b.InferredWakingAtMostSeconds is null
            ? a.InferredWakingAtMostSeconds
            : b.InferredWakingAtMostSeconds,
    };

    /// <summary>
    /// Copies the present counts; on the timeline's own thread. What it calls incomplete itself is not among them: some of
    /// that is completed after it.
    /// </summary>
    public static TimelineCounts From(TimelineCounters counters) => new()
    {
        IterationsClosed = counters.IterationsClosed,
        BeginningsMissing = counters.BeginningsMissing,
        EndsMissing = counters.EndsMissing,
        IterationsNested = counters.IterationsNested,
        IterationsMoved = counters.IterationsMoved,
        UnitsDoubted = counters.UnitsDoubted,
        LateRuntimeEvents = counters.LateRuntimeEvents,
        LateSchedulerEvents = counters.LateSchedulerEvents,
        ChainBreaks = counters.ChainBreaks,
        Contradictions = counters.Contradictions,
        UnseenWakeUps = counters.UnseenWakeUps,
        InferredWakeUps = counters.InferredWakeUps,
        InferredWakingAtMostSeconds = counters.InferredWakingAtMost?.Seconds,
    };
}
