using System.Diagnostics.Tracing;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Observatory.Contract;
using Observatory.Hosting;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// What a user calls a unit of work: two events of an EventSource, of which one begins it and the other ends it.
/// <c>PROVIDER/EVENT[:idField]</c>, for example <c>Shop-Jobs/Job:id</c> for JobStart and JobStop.
/// </summary>
/// <param name="Provider">Name of the EventSource.</param>
/// <param name="Event">Name of the events, without Start and Stop. It is the unit's name, too.</param>
/// <param name="IdField">Field of both events that has the same value in both; null where the runtime's activity tells which belong together.</param>
internal sealed record UnitEvents(string Provider, string Event, string? IdField)
{
    /// <summary>Sources at most: each takes the target's time for every event of its provider.</summary>
    public const int Most = 16;

    private const int LongestPart = 200;
    private const string Start = "Start";

    /// <summary>
    /// Providers that the collector reads itself: a second request for one would change what the first gets. And the one of
    /// activities, which has one listener in a process and is asked in a way of its own: <see cref="ActivitySourceUnits"/>.
    /// </summary>
    private static readonly string[] Taken =
    [
        HostingEvents.Provider, HostingEvents.ServerProvider, GroupEvents.Runtime, GroupEvents.Private, GroupEvents.Framework,
        ActivityIdSegments.Name, RuntimeEventIds.HeartbeatSource, WorkloadEventSource.SourceName, ActivityProvider.Name,
    ];

    /// <summary>What a session has to ask for: the events of that source up to level Informational, whatever their keywords.</summary>
    public EventPipeProvider Asked => new(Provider, EventLevel.Informational, keywords: -1);

    /// <summary>Reads the option.</summary>
    /// <exception cref="UsageException">It cannot be read, or names a provider that the collector needs for itself.</exception>
    public static UnitEvents Parse(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        int colon = text.LastIndexOf(':');
        string? field = colon > slash ? text[(colon + 1)..] : null;
        string provider = slash < 0 ? "" : text[..slash];
        string name = slash < 0 ? "" : text[(slash + 1)..(field is null ? text.Length : colon)];
        if (name.Length > Start.Length && name.EndsWith(Start, StringComparison.Ordinal)) name = name[..^Start.Length];
        if (!IsPlain(provider) || !IsPlain(name) || (field is not null && !IsPlain(field)))
            throw new UsageException($"--unit '{SafeText.Name(text)}' is not PROVIDER/EVENT[:idField]. Write it like Shop-Jobs/Job:id, for the events JobStart and JobStop of the EventSource Shop-Jobs.");
        if (Taken.Contains(provider, StringComparer.OrdinalIgnoreCase))
            throw new UsageException($"--unit '{SafeText.Name(text)}': {SafeText.Name(provider)} can be no source of units, because asking for it would change the program or what else is observed. Name an EventSource of the program or of a library; requests are units without it.");
        return new UnitEvents(provider, name, field);
    }

    /// <summary>Reads all that were given.</summary>
    /// <exception cref="UsageException">One cannot be read, or there are too many.</exception>
    public static IReadOnlyList<UnitEvents> ParseAll(IReadOnlyList<string> texts) => texts.Count <= Most
        ? [.. texts.Select(Parse).Distinct()]
        : throw new UsageException($"--unit was given {texts.Count} times; {Most} at most.");

    private static bool IsPlain(string part) =>
        part.Length is > 0 and <= LongestPart && part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}

/// <summary>Makes units of work of the events of one <see cref="UnitEvents"/>. For one stream.</summary>
/// <param name="events">Which.</param>
/// <param name="units">Names and counts.</param>
/// <param name="tracker">Told when one begins and ends.</param>
/// <param name="ourThread">Our id for a thread by the target's own.</param>
internal sealed class UnitEventReader(UnitEvents events, UnitObservation units, RequestTracker tracker, Func<int, Timestamp, int> ourThread)
{
    private const int LongestId = 128;
    private readonly string _start = events.Event + "Start";
    private readonly string _stop = events.Event + "Stop";

    // Activities of those that are open, by what their field says. One whose end never comes is forgotten when the table is full.
    private readonly Dictionary<string, ActivityPath> _open = new(StringComparer.Ordinal);

    /// <summary>Subscribes to the events.</summary>
    public void Subscribe(EventStream stream) => stream.AddNamed(events.Provider, Read);

    /// <summary>Events are missing: which activity an id stands for may have changed among them.</summary>
    public void Forget() => _open.Clear();

    private void Read(TraceEvent happened, Timestamp at)
    {
        // TraceEvent writes the name of a Start event as "Job/Start", where it knows its opcode.
        string name = happened.EventName.Replace("/", "", StringComparison.Ordinal);
        bool begins = name == _start;
        if (!begins && name != _stop) return;
        var activity = ActivityPath.From(happened.ActivityID);
        string? id = null;
        if (events.IdField is { } field && (id = IdOf(happened, field)) is null)
        {
            units.Count(UnitProblem.Malformed);
            return;
        }

        int thread = ourThread(happened.ThreadID, at);
        if (begins) Start(at, thread, activity, id);
        else Stop(at, thread, activity, id);
    }

    private void Start(Timestamp at, int thread, ActivityPath activity, string? id)
    {
        if (!tracker.StartInside(at, thread, activity, units.Names.IndexOf(events.Event)) || id is null) return;
        if (_open.Count >= RequestTracker.MostOpen) _open.Clear();
        _open[id] = activity;
    }

    private void Stop(Timestamp at, int thread, ActivityPath activity, string? id)
    {
        // Where the end is written outside of the activity, as in a callback, the id says which one ends.
        if (id is not null && _open.Remove(id, out ActivityPath begun)) activity = begun;
        tracker.StopInside(at, thread, activity);
    }

    private static string? IdOf(TraceEvent happened, string field)
    {
        try
        {
            string? id = Convert.ToString(happened.PayloadByName(field), CultureInfo.InvariantCulture);
            return string.IsNullOrEmpty(id) ? null : id.Length <= LongestId ? id : id[..LongestId];
        }
#pragma warning disable CA1031 // A target may send a payload that is not what it declared: TraceEvent throws whatever comes then.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }
}
