using System.Runtime.InteropServices;
using Microsoft.Diagnostics.Tracing;
using Observatory.Hosting;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Makes units of work of what the runtime tells of activities. For one stream.</summary>
/// <param name="activities">Which are asked for, and how that stands.</param>
/// <param name="units">Names and counts.</param>
/// <param name="tracker">Told when one begins and ends.</param>
/// <param name="ourThread">Our id for a thread by the target's own.</param>
internal sealed class ActivityReader(ActivityRequests activities, UnitObservation units, RequestTracker tracker, Func<int, Timestamp, int> ourThread)
{
    private const int MostNames = 4_096;

    // Those that are open, by their span; of a unit that is not followed, as inside another one, no activity.
    private readonly Dictionary<string, Open> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private int _changes;

    /// <summary>Subscribes to the events, and to whatever comes every second.</summary>
    public void Subscribe(EventStream stream)
    {
        stream.AddNamed(ActivityProvider.Name, Read);
        stream.AddUnnamed(RuntimeEventIds.HeartbeatProvider, (_, at) => Settle(at));
    }

    /// <summary>Reads an event, whose number is not the same in every version.</summary>
    internal void Read(TraceEvent happened, Timestamp at)
    {
        Settle(at);
        // TraceEvent writes the name of a Start event as "Activity/Start".
        string name = happened.EventName.Replace("/", "", StringComparison.Ordinal);
        if (name is ActivityProvider.Version or ActivityProvider.Message)
            activities.Opened(at);
        else if (name is ActivityProvider.Started or ActivityProvider.Stopped)
            Read(name == ActivityProvider.Started, happened.EventData() ?? [], happened.ThreadID, ActivityPath.From(happened.ActivityID), at);
    }

    /// <summary>Reads a start or a stop.</summary>
    internal void Read(bool begins, ReadOnlySpan<byte> payload, int thread, ActivityPath activity, Timestamp at)
    {
        if (!ActivityPayload.TryRead(payload, out ActivityPayload told))
        {
            units.Count(UnitProblem.Malformed);
            return;
        }

        // What another tool asked for comes here as well, and need not have what we ask for.
        if (told.SpanId.IsEmpty || told.IsOwn is not { } isOwn || activities.Find(told.Source) is not { } source) return;
        if (begins) activities.Began(source, at, isOwn);
        if (begins) Start(at, ourThread(thread, at), activity, source, told);
        else Stop(at, ourThread(thread, at), told.SpanId);
    }

    /// <summary>Activities that are not told any more have no end that could be seen.</summary>
    internal void Settle(Timestamp at)
    {
        int changes = activities.Changes;
        if (changes == _changes) return;
        _changes = changes;
        foreach ((string span, Open open) in _open.ToArray())
        {
            if (activities.LossesOf(open.Source) == open.Losses) continue;
            _open.Remove(span);
            if (!open.Path.IsNone) tracker.DropInside(at, open.Path);
        }
    }

    private void Start(Timestamp at, int thread, ActivityPath activity, string source, in ActivityPayload told)
    {
        bool isFollowed = tracker.StartInside(at, thread, activity, NameOf(source, told.Name));
        if (_open.Count >= RequestTracker.MostOpen) _open.Clear();
        _open[told.SpanId.ToString()] = new Open(source, activities.LossesOf(source), isFollowed ? activity : default);
    }

    private void Stop(Timestamp at, int thread, ReadOnlySpan<char> span)
    {
        if (!_open.GetAlternateLookup<ReadOnlySpan<char>>().Remove(span, out _, out Open begun)) units.Count(UnitProblem.BeginMissing);
        else if (!begun.Path.IsNone) tracker.StopInside(at, thread, begun.Path);
    }

    private int NameOf(string source, ReadOnlySpan<char> name)
    {
        if (_names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out int known)) return known;
        string text = SafeText.Clean(name.ToString(), UnitPath.LongestName);
        int index = units.Names.IndexOf(text.Length > 0 ? text : source);
        if (index == UnitNames.OtherIndex) return index;
        if (_names.Count >= MostNames) _names.Clear();
        _names.Add(name.ToString(), index);
        return index;
    }

    /// <summary>An activity that has begun.</summary>
    /// <param name="Source">Its source.</param>
    /// <param name="Losses">How often the activities of that source had come to be told no more.</param>
    /// <param name="Path">What it is followed by; none where it is not a unit.</param>
    private readonly record struct Open(string Source, int Losses, ActivityPath Path);
}

/// <summary>
/// What a start or a stop of an activity carries: strings of UTF-16 that end with a zero. Name of the source, name of the activity,
/// two bytes with the number of pairs, then key and value of each. Valid as long as the bytes are.
/// </summary>
internal readonly ref struct ActivityPayload
{
    private const int LongestName = 1_000;
    private const int LongestId = 64;

    private ActivityPayload(ReadOnlySpan<char> source, ReadOnlySpan<char> name, ReadOnlySpan<char> spanId, bool? isOwn)
    {
        Source = source;
        Name = name[..Math.Min(name.Length, LongestName)];
        SpanId = spanId[..Math.Min(spanId.Length, LongestId)];
        IsOwn = isOwn;
    }

    /// <summary>Name of the activity's source.</summary>
    public ReadOnlySpan<char> Source { get; }

    /// <summary>Name of the activity.</summary>
    public ReadOnlySpan<char> Name { get; }

    /// <summary>Its id; empty where it was not asked for.</summary>
    public ReadOnlySpan<char> SpanId { get; }

    /// <summary>True where the program itself records it; null where that was not asked for.</summary>
    public bool? IsOwn { get; }

    /// <summary>Reads the payload; false when it is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out ActivityPayload activity)
    {
        activity = default;
        ReadOnlySpan<char> rest = MemoryMarshal.Cast<byte, char>(payload), spanId = default;
        if (!RequestPayload.TryTake(ref rest, out ReadOnlySpan<char> source) || !RequestPayload.TryTake(ref rest, out ReadOnlySpan<char> name) || rest.IsEmpty) return false;
        int pairs = rest[0];
        rest = rest[1..];
        bool? isOwn = null;
        for (int i = 0; i < pairs; i++)
        {
            if (!RequestPayload.TryTake(ref rest, out ReadOnlySpan<char> key) || !RequestPayload.TryTake(ref rest, out ReadOnlySpan<char> value)) return false;
            if (key.SequenceEqual(ActivityProvider.SpanId)) spanId = value;
            else if (key.SequenceEqual(ActivityProvider.IsOwn)) isOwn = value is "True";
        }

        activity = new ActivityPayload(source, name, spanId, isOwn);
        return true;
    }
}
