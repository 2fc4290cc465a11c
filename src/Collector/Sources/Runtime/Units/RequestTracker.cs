using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// Makes units of work of what a server tells of its requests, and segments of what threads tell of the activities they
/// work for. Bounded, whatever a target sends; what cannot be followed is counted by reason.
/// </summary>
/// <remarks>
/// <code>
/// thread 7:   SetActivityId R   RequestStart R   SetActivityId 0                SetActivityId R   SetActivityId C   RequestStop R
/// unit R:                       [segment on 7    ]  ... awaiting ...            [segment on 7     ]                 ]
/// </code>
/// A request is known by its activity, which the runtime puts into the events of its beginning and its end; an activity belongs to
/// the request whose path it begins with. Where the runtime gives two the same id (<see cref="ActivityPath.IsShared"/>), requests that
/// are open together have no account, and one that is open alone has its length and no segments: work left behind by another
/// would look like its own. For one thread: that of the stream.
/// </remarks>
/// <param name="units">Names and counts.</param>
/// <param name="deliver">Takes what the timeline is told.</param>
internal sealed class RequestTracker(UnitObservation units, Action<TimelineEvent> deliver)
{
    /// <summary>Requests that are open at once; the rest has no account.</summary>
    public const int MostOpen = 20_000;

    /// <summary>One that was open when events were lost, and of which nothing was seen for so long since, has ended unseen.</summary>
    public static readonly Duration LongestSilence = new Duration(600_000_000_000);

    private const int MostThreads = 20_000;
    private const int MostEnded = 4_096;

    private readonly Dictionary<ActivityPath, OpenRequest> _open = [];
    private readonly Dictionary<int, Worker> _workers = [];

    private readonly SharedIds _shared = new(LongestSilence);

    // Requests that have ended, as long as work for them may still be noticed.
    private readonly HashSet<ActivityPath> _ended = [];
    private readonly Queue<ActivityPath> _endedInOrder = [];
    private long _number;

    // Losses so far, and those after which everything that may have ended unseen has been dropped.
    private long _losses;
    private long _settledLosses;
    private (Timestamp Since, long Losses)? _silence;

    /// <summary>A request began, on a thread that works for it.</summary>
    public void Start(Timestamp at, int thread, in ActivityPath activity, in RequestPayload told)
    {
        DropSilent(at);
        if (Refuses(at, activity) is { } why)
        {
            units.Count(why);
            return;
        }

        Open(at, thread, new OpenRequest(new UnitId(UnitKind.Request, ++_number), activity, units.Names.IndexOf(told.Method, told.Path), _losses));
    }

    /// <summary>
    /// A unit of the user's own began. Inside another one it is a part of that, and has no account: a thread works on one unit at a time.
    /// </summary>
    /// <param name="at">When.</param>
    /// <param name="thread">The thread, which works for it.</param>
    /// <param name="activity">Its activity.</param>
    /// <param name="name">Index of its name.</param>
    /// <returns>False when it is not followed; why is counted.</returns>
    public bool StartInside(Timestamp at, int thread, in ActivityPath activity, int name)
    {
        DropSilent(at);
        UnitProblem? why = activity.IsNone ? UnitProblem.NoActivity
            : Around(activity, _open.ContainsKey) ? UnitProblem.Nested
            : Refuses(at, activity);
        if (why is { } problem) units.Count(problem);
        else Open(at, thread, new OpenRequest(new UnitId(UnitKind.Event, ++_number), activity, name, _losses));
        return why is null;
    }

    /// <summary>A unit of the user's own ended.</summary>
    public void StopInside(Timestamp at, int thread, in ActivityPath activity)
    {
        // One that was inside another has been counted when it began; the other may have ended meanwhile.
        ActivityPath own = activity;
        if (_open.TryGetValue(activity, out OpenRequest? open) && open.Unit.Kind != UnitKind.Event) return;
        if (open is null && Around(activity, path => path != own && (_open.ContainsKey(path) || _ended.Contains(path)))) return;
        Stop(at, thread, activity);
    }

    /// <summary>A unit of the user's own ends unseen.</summary>
    public void DropInside(Timestamp at, in ActivityPath activity)
    {
        if (_open.TryGetValue(activity, out OpenRequest? open) && open.Unit.Kind == UnitKind.Event) Drop(at, open, UnitProblem.EndMissing);
    }

    private void Open(Timestamp at, int thread, OpenRequest request)
    {
        ActivityPath activity = request.Activity;
        request.SeenAfter = _losses;
        _open.Add(activity, request);
        units.Open = _open.Count;
        deliver(TimelineEvent.UnitBegan(at, request.Unit, request.Name));
        if (!HasSegments(thread) || activity.IsShared) return;
        Worker worker = WorkerOf(thread);
        worker.Queued = null;
        Assign(at, thread, worker, activity);
    }

    /// <summary>A request ended, as the thread tells that worked for it last.</summary>
    public void Stop(Timestamp at, int thread, in ActivityPath activity)
    {
        if (_shared.TryEnd(at, activity)) return;
        if (!_open.TryGetValue(activity, out OpenRequest? request))
        {
            // Open when the observer came, or its beginning was lost.
            units.Count(UnitProblem.BeginMissing);
            return;
        }

        Remove(request);
        RememberEnd(activity);
        deliver(TimelineEvent.UnitEnded(at, request.Unit, HasSegments(thread) && !activity.IsShared ? thread : TimelineEvent.UnknownThread));
    }

    /// <summary>A thread works for an activity from now on. Of one that could not be identified nothing else is known.</summary>
    public void Work(Timestamp at, int thread, in ActivityPath activity)
    {
        if (TargetThreadIds.IsUnknown(thread)) return;
        Worker worker = WorkerOf(thread);
        if (worker.Activity == activity) return;
        Assign(at, thread, worker, activity);
    }

    /// <summary>A thread took something from the thread pool's queue: what it works for next was ready since then.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="queued">Since when; null where that was not seen.</param>
    public void Take(int thread, Timestamp? queued) => WorkerOf(thread).Queued = queued;

    /// <summary>An operation began or ended: where it is inside a request, that may wait for something else now.</summary>
    /// <param name="at">When.</param>
    /// <param name="activity">The activity of the operation.</param>
    /// <param name="kind">What kind of operation.</param>
    /// <param name="begins">True when it began.</param>
    public void Operate(Timestamp at, in ActivityPath activity, AwaitedFor kind, bool begins)
    {
        if (Find(activity, out _) is not { } request) return;
        if (request.Operate(activity, kind, begins, _losses) is { } next) deliver(TimelineEvent.UnitAwaits(at, request.Unit, next));
    }

    /// <summary>Index of the name of the request that a thread works on; null where it works on none.</summary>
    public int? NameOfWork(int thread) =>
        _workers.TryGetValue(thread, out Worker? worker) && worker.Request is { IsOver: false } request ? request.Name : null;

    /// <summary>Events are missing: what threads work for has to be told again, and the end of any request may be among them.</summary>
    public void Forget()
    {
        _workers.Clear();
        _losses++;
    }

    private bool HasSegments(int thread) => units.Level >= UnitLevel.Segments && !TargetThreadIds.IsUnknown(thread);

    /// <summary>Why a request that begins is not followed; null when it is.</summary>
    private UnitProblem? Refuses(Timestamp at, in ActivityPath activity)
    {
        if (activity.IsNone) return UnitProblem.NoActivity;
        if (_shared.TryBegin(at, activity)) return UnitProblem.SharedId;
        if (_open.TryGetValue(activity, out OpenRequest? same))
        {
            Drop(at, same, UnitProblem.SharedId);
            _shared.Add(at, activity, _losses);
            return UnitProblem.SharedId;
        }

        return _open.Count >= MostOpen || _shared.Count >= MostOpen ? UnitProblem.TableFull : null;
    }

    /// <summary>A request that a thread worked for since a loss has not ended in it; of others that is not known, for a while.</summary>
    private void DropSilent(Timestamp at)
    {
        _shared.DropSilent(at, _losses);
        if (_losses == _settledLosses) return;
        (Timestamp since, long losses) = _silence ??= (at, _losses);
        if (at - since < LongestSilence) return;
        foreach (OpenRequest request in _open.Values.Where(request => request.SeenAfter < losses).ToArray()) Drop(at, request, UnitProblem.EndMissing);
        (_settledLosses, _silence) = (losses, null);
    }

    private void Assign(Timestamp at, int thread, Worker worker, in ActivityPath activity)
    {
        OpenRequest? next = RequestOf(activity);
        worker.Activity = activity;
        if (worker.Request == next) return;
        if (worker.Request is { IsOver: false } left) deliver(TimelineEvent.SegmentEnded(at, thread, left.Unit));
        worker.Request = next;
        if (next is null) return;
        Duration queued = worker.Queued is { } since && at > since ? at - since : Duration.Zero;
        worker.Queued = null;
        next.SeenAfter = _losses;
        deliver(TimelineEvent.SegmentBegan(at, thread, next.Unit, queued));
    }

    private OpenRequest? RequestOf(in ActivityPath activity)
    {
        OpenRequest? request = Find(activity, out bool isAfterEnd);
        if (isAfterEnd) units.Count(UnitProblem.AfterEnd);
        return request;
    }

    /// <summary>The open request that an activity belongs to; null where there is none, or it cannot be told from others.</summary>
    /// <param name="activity">The activity.</param>
    /// <param name="isAfterEnd">True where it belongs to a request that has ended.</param>
    private OpenRequest? Find(in ActivityPath activity, out bool isAfterEnd)
    {
        isAfterEnd = false;
        if (activity.IsNone) return null;
        if (_open.TryGetValue(activity, out OpenRequest? request)) return request.Activity.IsShared ? null : request;
        bool hasEnded = _ended.Contains(activity);
        Span<ActivityPath> ancestors = stackalloc ActivityPath[ActivityPath.MostAncestors];
        int count = hasEnded ? 0 : activity.Ancestors(ancestors);
        for (int i = 0; i < count; i++)
        {
            if (_open.TryGetValue(ancestors[i], out request)) return request.Activity.IsShared ? null : request;
            hasEnded |= _ended.Contains(ancestors[i]);
        }

        isAfterEnd = hasEnded;
        return null;
    }

    /// <summary>True when it holds of an activity, or of one around it.</summary>
    private static bool Around(in ActivityPath activity, Func<ActivityPath, bool> holds)
    {
        if (holds(activity)) return true;
        Span<ActivityPath> ancestors = stackalloc ActivityPath[ActivityPath.MostAncestors];
        int count = activity.Ancestors(ancestors);
        foreach (ActivityPath ancestor in ancestors[..count])
        {
            if (holds(ancestor)) return true;
        }

        return false;
    }

    private void Remove(OpenRequest request)
    {
        request.IsOver = true;
        _open.Remove(request.Activity);
        units.Open = _open.Count;
    }

    private void Drop(Timestamp at, OpenRequest request, UnitProblem why)
    {
        Remove(request);
        units.Count(why);
        deliver(TimelineEvent.UnitDropped(at, request.Unit));
    }

    private void RememberEnd(in ActivityPath activity)
    {
        if (!_ended.Add(activity)) return;
        _endedInOrder.Enqueue(activity);
        if (_endedInOrder.Count > MostEnded) _ended.Remove(_endedInOrder.Dequeue());
    }

    private Worker WorkerOf(int thread)
    {
        if (_workers.TryGetValue(thread, out Worker? worker)) return worker;
        if (_workers.Count >= MostThreads) _workers.Clear();
        _workers.Add(thread, worker = new Worker());
        return worker;
    }

    /// <summary>A thread, and what it works for.</summary>
    private sealed class Worker
    {
        public ActivityPath Activity { get; set; }
        public OpenRequest? Request { get; set; }

        /// <summary>Since when what it took last had been in the thread pool's queue; null where that was used, or is not known.</summary>
        public Timestamp? Queued { get; set; }
    }
}
