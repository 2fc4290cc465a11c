using Microsoft.Diagnostics.Tracing.Session;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// A source of events of the class library that tells when an operation begins and ends. The events' activity is the operation's own,
/// and it lies inside that of the request that began it.
/// </summary>
/// <param name="Provider">Name of the source. Its events have no keywords.</param>
/// <param name="Kind">What a request waits for while such an operation is under way.</param>
internal sealed record OperationEvents(string Provider, AwaitedFor Kind)
{
    /// <summary>An operation began.</summary>
    public const int Started = 1;

    /// <summary>It ended. That it failed is told before.</summary>
    public const int Stopped = 2;

    /// <summary>All there are; their numbers are those of HttpTelemetry, NameResolutionTelemetry, SocketsTelemetry, NetSecurityTelemetry.</summary>
    public static readonly IReadOnlyList<OperationEvents> All =
    [
        new("System.Net.Http", AwaitedFor.Http),
        new("System.Net.NameResolution", AwaitedFor.Dns),
        new("System.Net.Sockets", AwaitedFor.Connect),
        new("System.Net.Security", AwaitedFor.Tls),
    ];

    private static readonly Guid[] s_ids = [.. All.Select(events => events.ProviderId)];

    /// <summary>Id of the source: it comes from the name.</summary>
    public Guid ProviderId { get; } = TraceEventProviders.GetEventSourceGuidFromName(Provider);

    /// <summary>True for an event of one of them.</summary>
    public static bool IsOf(Guid provider) => s_ids.AsSpan().Contains(provider);
}

/// <summary>
/// The operations of one request that are under way. What it waits for is the one that began last. One that ends takes those with it
/// that began inside it: a call that has got a connection of another one does not wait any more for its own.
/// </summary>
internal sealed class OpenOperations
{
    /// <summary>Operations at once. Where a target begins more, it is not known what is under way when the newest have ended.</summary>
    public const int Most = 64;

    private readonly List<(AwaitedFor Kind, ActivityPath Activity)> _open = [];
    private AwaitedFor _otherwise = AwaitedFor.Other;

    /// <summary>Operations that are under way.</summary>
    public int Count => _open.Count;

    /// <summary>What the request waits for while no thread works on it.</summary>
    public AwaitedFor Latest => _open.Count > 0 ? _open[^1].Kind : _otherwise;

    /// <summary>An operation began.</summary>
    public void Begin(AwaitedFor kind, in ActivityPath activity)
    {
        if (_open.Count >= Most) Forget();
        _open.Add((kind, activity));
    }

    /// <summary>An operation ended; nothing happens where it is not under way.</summary>
    public void End(AwaitedFor kind, ActivityPath activity)
    {
        int place = _open.LastIndexOf((kind, activity));
        if (place < 0) return;
        _open.RemoveAt(place);
        // Siblings may have the same id.
        if (_open.Count > 0 && !_open.Contains((kind, activity))) _open.RemoveAll(inner => inner.Activity.IsInside(activity));
    }

    /// <summary>Events are missing: any of them may have ended, and others may have begun.</summary>
    public void Forget()
    {
        _open.Clear();
        _otherwise = AwaitedFor.Unknown;
    }
}
