using System.Runtime.InteropServices;
using Microsoft.Diagnostics.Tracing.Session;

namespace Observatory.Collector;

/// <summary>
/// Events of ASP.NET Core's server that tell of requests, whichever version of HTTP they come by. Without the manifest
/// TraceEvent has no names for them, so their payloads are read here: strings of UTF-16 that end with a zero.
/// </summary>
internal static class KestrelEvents
{
    /// <summary>Name of the provider. Its events have no keywords.</summary>
    public const string Provider = "Microsoft-AspNetCore-Server-Kestrel";

    /// <summary>connectionId, ...</summary>
    public const int ConnectionStopped = 2;

    /// <summary>connectionId, requestId, httpVersion, path, method. Inside the request's own activity.</summary>
    public const int RequestStarted = 3;

    /// <summary>The same. The program has answered; the last of it may not have been sent.</summary>
    public const int RequestStopped = 4;

    /// <summary>Id of the provider: it comes from the name.</summary>
    public static readonly Guid ProviderId = TraceEventProviders.GetEventSourceGuidFromName(Provider);
}

/// <summary>What the beginning and the end of a request carry. Valid as long as the bytes are.</summary>
internal readonly ref struct RequestPayload
{
    /// <summary>A target may write anything: more of a path is not read.</summary>
    public const int LongestPath = 2_000;

    /// <summary>Ids of Kestrel have 22 characters at most.</summary>
    private const int LongestId = 100;

    private RequestPayload(ReadOnlySpan<char> connection, ReadOnlySpan<char> request, ReadOnlySpan<char> version, ReadOnlySpan<char> path, ReadOnlySpan<char> method)
    {
        Connection = connection;
        Request = request;
        Version = version;
        Path = path.Length > LongestPath ? path[..LongestPath] : path;
        Method = method;
    }

    /// <summary>Id of the connection.</summary>
    public ReadOnlySpan<char> Connection { get; }

    /// <summary>Id of the request, unique in its process.</summary>
    public ReadOnlySpan<char> Request { get; }

    /// <summary>For example HTTP/1.1.</summary>
    public ReadOnlySpan<char> Version { get; }

    /// <summary>The path, without the query, as the client sent it: at most <see cref="LongestPath"/> characters.</summary>
    public ReadOnlySpan<char> Path { get; }

    /// <summary>The method.</summary>
    public ReadOnlySpan<char> Method { get; }

    /// <summary>True where one request of a connection is over before the next begins.</summary>
    public bool IsSerial => Version.StartsWith("HTTP/1", StringComparison.Ordinal);

    /// <summary>Reads the payload; false when it is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out RequestPayload request)
    {
        ReadOnlySpan<char> rest = MemoryMarshal.Cast<byte, char>(payload);
        bool isComplete = TryTake(ref rest, out ReadOnlySpan<char> connection)
            & TryTake(ref rest, out ReadOnlySpan<char> id)
            & TryTake(ref rest, out ReadOnlySpan<char> version)
            & TryTake(ref rest, out ReadOnlySpan<char> path)
            & TryTake(ref rest, out ReadOnlySpan<char> method);
        request = new RequestPayload(connection, id, version, path, method);
        return isComplete && id.Length is > 0 and <= LongestId && connection.Length <= LongestId;
    }

    /// <summary>Reads the id of a connection that ended; false when there is none.</summary>
    public static bool TryReadConnection(ReadOnlySpan<byte> payload, out ReadOnlySpan<char> connection)
    {
        ReadOnlySpan<char> rest = MemoryMarshal.Cast<byte, char>(payload);
        return TryTake(ref rest, out connection) && connection.Length is > 0 and <= LongestId;
    }

    private static bool TryTake(scoped ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> text)
    {
        int length = rest.IndexOf('\0');
        text = length < 0 ? default : rest[..length];
        if (length < 0) return false;
        rest = rest[(length + 1)..];
        return true;
    }
}
