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
    private readonly Rhythm _rhythm = new();
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

    /// <summary>How long it waits for the next look, unless an inbox fills.</summary>
    internal TimeSpan Pause => _rhythm.Pause;

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
            if (!_isWoken && !_stopping) Monitor.Wait(_sleep, _rhythm.Pause);
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
        int taken = 0;
        // A stream that stood still lets go of seconds at once. Meanwhile the sources need room, or the kernel's rings overflow.
        do
        {
            taken += MoveAll();
            isMore = timeline.ReleaseSome();
            Publish();
            Volatile.Write(ref _visited, Stopwatch.GetTimestamp());
            visited?.Invoke();
        }
        while (isMore);

        _rhythm.Found(taken);
    }

    private void DiscardAll()
    {
        foreach (Inbox inbox in inboxes) inbox.Take();
    }

    /// <summary>
    /// Each step for every stream before the next step for any: a stream that has just joined must be waited for, also
    /// by the events of the others that were left in the same moment.
    /// </summary>
    /// <returns>Events moved.</returns>
    private int MoveAll()
    {
        (StreamKind Stream, Delivery Delivery)[] taken = [.. inboxes.Select(inbox => (inbox.Stream, inbox.Take()))];
        if (taken.All(one => one.Delivery.IsEmpty)) return 0;
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

        return taken.Sum(one => one.Delivery.Events.Count);
    }

    private void TurnObservation(in TimelineEvent turn)
    {
        if (turn.Kind == EventKind.LossBegan) timeline.Pause(turn.At);
        else timeline.Resume(turn.At);
    }

    private void Publish()
    {
        _counts = TimelineCounts.From(timeline.Counters);
        _process = timeline.ProcessTimes;
    }

    private void AddAll(EventRun events)
    {
        ReadOnlySpan<PackedEvent> places = events.Places;
        int whole = 0;
        while (!places.IsEmpty)
        {
            int ofOneRing = PackedEvent.CountOfOneRing(places);
            if (ofOneRing > 0)
            {
                timeline.Add(places[..ofOneRing]);
                places = places[ofOneRing..];
                continue;
            }

            places = places[1..];
            ref readonly TimelineEvent happened = ref events.Whole[whole++];
            if (happened.Reasons == IncompleteReasons.Paused) TurnObservation(happened);
            // A source only knows that events are missing before this one; the timeline knows since when.
            else if (happened.Kind == EventKind.LossEnded) timeline.AddLoss(happened.Scope, happened.At, happened.Reasons);
            else timeline.Add(happened);
        }
    }
}
