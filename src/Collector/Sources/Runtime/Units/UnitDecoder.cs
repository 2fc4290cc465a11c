using Microsoft.Diagnostics.Tracing;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Reads what a server and its runtime tell of requests, and hands it to the <see cref="RequestTracker"/>.</summary>
internal sealed class UnitDecoder : IEventDecoder
{
    private readonly UnitObservation _units;
    private readonly ISegmentSource _segments;
    private readonly Func<int, Timestamp, int> _ourThread;
    private readonly RequestTracker _tracker;
    private readonly UnitEventReader[] _events;
    private readonly ActivityReader? _activities;

    /// <param name="units">Names and counts.</param>
    /// <param name="segments">Tells which thread works for which activity.</param>
    /// <param name="deliver">Takes what the timeline is told.</param>
    /// <param name="ourThread">Our id for a thread by the target's own.</param>
    public UnitDecoder(UnitObservation units, ISegmentSource segments, Action<TimelineEvent> deliver, Func<int, Timestamp, int> ourThread)
    {
        (_units, _segments, _ourThread) = (units, segments, ourThread);
        _tracker = new RequestTracker(units, deliver);
        _events = [.. units.Events.Select(events => new UnitEventReader(events, units, _tracker, ourThread))];
        _activities = units.Activities.Any ? new ActivityReader(units.Activities, units, _tracker, ourThread) : null;
    }

    /// <inheritdoc />
    public void Subscribe(EventStream stream)
    {
        if (_units.Level == UnitLevel.Off) return;
        if (_units.HasRequests) stream.AddUnnamed(HostingEvents.ProviderId, ReadRequest);
        foreach (UnitEventReader events in _events) events.Subscribe(stream);
        _activities?.Subscribe(stream);
        if (_units.Level < UnitLevel.Segments) return;
        stream.AddUnnamed(_segments.ProviderId, ReadSegment);
        foreach (OperationEvents events in OperationEvents.All) stream.AddUnnamed(events.ProviderId, (happened, at) => ReadOperation(events, happened, at));
    }

    /// <inheritdoc />
    public void Forget()
    {
        _tracker.Forget();
        foreach (UnitEventReader events in _events) events.Forget();
    }

    /// <summary>A thread took a work item from the thread pool's queue.</summary>
    /// <param name="thread">The thread, as the target counts.</param>
    /// <param name="at">When.</param>
    /// <param name="delay">How long it had been in there; null where its way in was not seen.</param>
    public void Take(int thread, Timestamp at, Duration? delay)
    {
        if (_units.Level >= UnitLevel.Queue) _tracker.Take(_ourThread(thread, at), delay is { } queued ? at - queued : null);
    }

    /// <summary>The name of the request that a thread works on at the present place of the stream; null where it works on none.</summary>
    /// <param name="thread">The thread, as the target counts.</param>
    /// <param name="at">When.</param>
    public RequestName? WorkOf(int thread, Timestamp at) =>
        _tracker.NameOfWork(_ourThread(thread, at)) is { } name ? new RequestName(name, _units.Names.NameOf(name)) : null;

    private void ReadRequest(TraceEvent happened, Timestamp at)
    {
        switch ((int)happened.ID)
        {
            case HostingEvents.RequestStarted when RequestPayload.TryRead(happened.EventData() ?? [], out RequestPayload started):
                _tracker.Start(at, _ourThread(happened.ThreadID, at), ActivityPath.From(happened.ActivityID), started);
                break;
            case HostingEvents.RequestStopped:
                _tracker.Stop(at, _ourThread(happened.ThreadID, at), ActivityPath.From(happened.ActivityID));
                break;
            case HostingEvents.RequestStarted:
                _units.Count(UnitProblem.Malformed);
                break;
        }
    }

    private void ReadSegment(TraceEvent happened, Timestamp at)
    {
        if (_segments.TryRead(happened, out ActivityPath activity)) _tracker.Work(at, _ourThread(happened.ThreadID, at), activity);
        else _units.Count(UnitProblem.Malformed);
    }

    private void ReadOperation(OperationEvents events, TraceEvent happened, Timestamp at)
    {
        bool begins = (int)happened.ID == OperationEvents.Started;
        if (begins || (int)happened.ID == OperationEvents.Stopped) _tracker.Operate(at, ActivityPath.From(happened.ActivityID), events.Kind, begins);
    }
}
