using System.Runtime.InteropServices;
using Microsoft.Diagnostics.Tracing.Session;

namespace Observatory.Collector;

/// <summary>
/// Events of ASP.NET Core's hosting layer that tell of requests, whichever server and version of HTTP they come by. Without the
/// manifest TraceEvent has no names for them, so their payloads are read here: strings of UTF-16 that end with a zero.
/// </summary>
/// <remarks>
/// The server's own provider (<see cref="ServerProvider"/>) must stay off: it makes an activity of each connection, and
/// the requests of one connection have ids that cannot be told apart then (see <see cref="ActivityPath.IsShared"/>).
/// </remarks>
internal static class HostingEvents
{
    /// <summary>Name of the provider. Its events have no keywords.</summary>
    public const string Provider = "Microsoft.AspNetCore.Hosting";

    /// <summary>Name of the server's provider, which is never asked for.</summary>
    public const string ServerProvider = "Microsoft-AspNetCore-Server-Kestrel";

    /// <summary>method, path. The event's activity is the request's own.</summary>
    public const int RequestStarted = 3;

    /// <summary>No payload; the event's activity says which. The answer is complete, and was handed to the system.</summary>
    public const int RequestStopped = 4;

    /// <summary>Id of the provider: it comes from the name.</summary>
    public static readonly Guid ProviderId = TraceEventProviders.GetEventSourceGuidFromName(Provider);
}

/// <summary>What the beginning of a request carries. Valid as long as the bytes are.</summary>
internal readonly ref struct RequestPayload
{
    /// <summary>A target may write anything: more of a path is not read.</summary>
    public const int LongestPath = 2_000;

    private RequestPayload(ReadOnlySpan<char> method, ReadOnlySpan<char> path)
    {
        Method = method;
        Path = path.Length > LongestPath ? path[..LongestPath] : path;
    }

    /// <summary>The method.</summary>
    public ReadOnlySpan<char> Method { get; }

    /// <summary>The path, without the query: at most <see cref="LongestPath"/> characters.</summary>
    public ReadOnlySpan<char> Path { get; }

    /// <summary>Reads the payload; false when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out RequestPayload request)
    {
        ReadOnlySpan<char> rest = MemoryMarshal.Cast<byte, char>(payload);
        bool isComplete = TryTake(ref rest, out ReadOnlySpan<char> method) & TryTake(ref rest, out ReadOnlySpan<char> path);
        request = new RequestPayload(method, path);
        return isComplete;
    }

    /// <summary>Takes a string of a payload, which ends with a zero; false where none does.</summary>
    internal static bool TryTake(scoped ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> text)
    {
        int length = rest.IndexOf('\0');
        text = length < 0 ? default : rest[..length];
        if (length < 0) return false;
        rest = rest[(length + 1)..];
        return true;
    }
}
