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
/// A request is paired by its own id, so that one whose activity is not known (the level <c>starts</c>) has its length.
/// An activity belongs to the request whose path it begins with. For one thread: that of the stream.
/// </remarks>
/// <param name="units">Names and counts.</param>
/// <param name="deliver">Takes what the timeline is told.</param>
internal sealed class RequestTracker(UnitObservation units, Action<TimelineEvent> deliver)
{
    /// <summary>Requests that are open at once; the rest has no account.</summary>
    public const int MostOpen = 20_000;

    private const int MostThreads = 20_000;
    private const int MostEnded = 4_096;

    private readonly Dictionary<string, Request> _open = [];
    private readonly Dictionary<string, List<Request>> _connections = [];
    private readonly Dictionary<ActivityPath, Request> _byActivity = [];
    private readonly Dictionary<int, Worker> _workers = [];

    // Requests that have ended, as long as work for them may still be noticed.
    private readonly HashSet<ActivityPath> _ended = [];
    private readonly Queue<ActivityPath> _endedInOrder = [];
    private long _number;

    /// <summary>A request began, on a thread that works for it.</summary>
    public void Start(Timestamp at, int thread, in ActivityPath activity, in RequestPayload told)
    {
        if (Find(told.Request) is { } same) Drop(at, same, UnitProblem.EndMissing);
        if (told.IsSerial) DropAll(at, told.Connection);
        if (_open.Count >= MostOpen)
        {
            units.Count(UnitProblem.TableFull);
            return;
        }

        var request = new Request(
            new UnitId(UnitKind.Request, ++_number), told.Request.ToString(), told.Connection.ToString(), activity,
            units.Names.IndexOf(told.Method, told.Path));
        Add(request);
        deliver(TimelineEvent.UnitBegan(at, request.Unit, request.Name));
        if (units.Level < UnitLevel.Segments || activity.IsNone || TargetThreadIds.IsUnknown(thread)) return;
        Worker worker = WorkerOf(thread);
        worker.Queued = null;
        Assign(at, thread, worker, activity);
    }

    /// <summary>A request ended, as the thread tells that worked for it last.</summary>
    public void Stop(Timestamp at, int thread, in RequestPayload told)
    {
        if (Find(told.Request) is not { } request)
        {
            // Open when the observer came, or its beginning was lost.
            units.Count(UnitProblem.BeginMissing);
            return;
        }

        Remove(request);
        if (request.Activity is { IsNone: false } activity) RememberEnd(activity);
        bool isTold = units.Level >= UnitLevel.Segments && !TargetThreadIds.IsUnknown(thread);
        deliver(TimelineEvent.UnitEnded(at, request.Unit, isTold ? thread : TimelineEvent.UnknownThread));
    }

    /// <summary>A connection ended, and with it every request of which the end was not seen.</summary>
    public void StopConnection(Timestamp at, ReadOnlySpan<char> connection) => DropAll(at, connection);

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

    /// <summary>Index of the name of the request that a thread works on; null where it works on none.</summary>
    public int? NameOfWork(int thread) =>
        _workers.TryGetValue(thread, out Worker? worker) && worker.Request is { IsOver: false } request ? request.Name : null;

    /// <summary>Events are missing: what threads work for has to be told again.</summary>
    public void Forget() => _workers.Clear();

    private void Assign(Timestamp at, int thread, Worker worker, in ActivityPath activity)
    {
        Request? next = RequestOf(activity);
        worker.Activity = activity;
        if (worker.Request == next) return;
        if (worker.Request is { IsOver: false } left) deliver(TimelineEvent.SegmentEnded(at, thread, left.Unit));
        worker.Request = next;
        if (next is null) return;
        Duration queued = worker.Queued is { } since && at > since ? at - since : Duration.Zero;
        worker.Queued = null;
        deliver(TimelineEvent.SegmentBegan(at, thread, next.Unit, queued));
    }

    private Request? RequestOf(in ActivityPath activity)
    {
        if (activity.IsNone) return null;
        if (_byActivity.TryGetValue(activity, out Request? request)) return request;
        bool isAfterEnd = _ended.Contains(activity);
        Span<ActivityPath> ancestors = stackalloc ActivityPath[ActivityPath.MostAncestors];
        int count = isAfterEnd ? 0 : activity.Ancestors(ancestors);
        for (int i = 0; i < count; i++)
        {
            if (_byActivity.TryGetValue(ancestors[i], out request)) return request;
            isAfterEnd |= _ended.Contains(ancestors[i]);
        }

        if (isAfterEnd) units.Count(UnitProblem.AfterEnd);
        return null;
    }

    private Request? Find(ReadOnlySpan<char> id) =>
        _open.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out Request? request) ? request : null;

    private void Add(Request request)
    {
        _open.Add(request.Id, request);
        if (!request.Activity.IsNone) _byActivity[request.Activity] = request;
        if (!_connections.TryGetValue(request.Connection, out List<Request>? others)) _connections.Add(request.Connection, others = []);
        others.Add(request);
        units.Open = _open.Count;
    }

    private void Remove(Request request)
    {
        request.IsOver = true;
        _open.Remove(request.Id);
        if (_byActivity.GetValueOrDefault(request.Activity) == request) _byActivity.Remove(request.Activity);
        List<Request> others = _connections[request.Connection];
        others.Remove(request);
        if (others.Count == 0) _connections.Remove(request.Connection);
        units.Open = _open.Count;
    }

    private void DropAll(Timestamp at, ReadOnlySpan<char> connection)
    {
        if (!_connections.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(connection, out List<Request>? open)) return;
        foreach (Request request in open.ToArray()) Drop(at, request, UnitProblem.EndMissing);
    }

    private void Drop(Timestamp at, Request request, UnitProblem why)
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

    /// <summary>A request that is open.</summary>
    private sealed class Request(UnitId unit, string id, string connection, ActivityPath activity, int name)
    {
        public int Name => name;
        public UnitId Unit => unit;
        public string Id => id;
        public string Connection => connection;
        public ActivityPath Activity => activity;
        public bool IsOver { get; set; }
    }

    /// <summary>A thread, and what it works for.</summary>
    private sealed class Worker
    {
        public ActivityPath Activity { get; set; }
        public Request? Request { get; set; }

        /// <summary>Since when what it took last had been in the thread pool's queue; null where that was used, or is not known.</summary>
        public Timestamp? Queued { get; set; }
    }
}
