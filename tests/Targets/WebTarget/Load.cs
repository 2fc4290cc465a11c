using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Observatory.WebTarget;

/// <summary>
/// Requests for a server, a number of them at once, each thing asked for in turn:
/// <c>/path</c> a GET; <c>post:/path</c> a POST; <c>cancel:/path</c> one that the client gives up after 20 ms; <c>ws:/path</c> a WebSocket with three messages.
/// Ends after so many requests or seconds and prints one line of JSON.
/// </summary>
internal sealed class Load : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);
    private readonly Uri _server;
    private readonly IReadOnlyList<string> _what;
    private readonly HttpClient _client;
    private readonly ConcurrentQueue<double> _milliseconds = [];
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly TimeSpan _until;
    private readonly long _requests;
    private readonly double _interval;
    private long _taken;
    private long _succeeded;
    private long _failed;
    private long _cancelled;

    private Load(Uri server, Arguments arguments)
    {
        _server = server;
        _what = arguments.Rest;
        int seconds = arguments.Number("--seconds", 0);
        _until = seconds == 0 ? TimeSpan.MaxValue : TimeSpan.FromSeconds(seconds);
        _requests = arguments.Number("--requests", seconds == 0 ? 1000 : int.MaxValue);
        _interval = arguments.Number("--rate", 0) is var rate and > 0 ? 1.0 / rate : 0;
        bool two = arguments.Has("--http2");
        _client = new HttpClient(new SocketsHttpHandler { EnableMultipleHttp2Connections = true, ActivityHeadersPropagator = null })
        {
            DefaultRequestVersion = two ? HttpVersion.Version20 : HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <returns>0 when something was answered.</returns>
    public static async Task<int> RunAsync(Uri server, Arguments arguments)
    {
        using var load = new Load(server, arguments);
        await Task.WhenAll(Enumerable.Range(0, arguments.Number("--at-once", 64)).Select(_ => Task.Run(load.AskAsync)));
        Loaded loaded = load.Sum();
        Console.WriteLine(JsonSerializer.Serialize(loaded, LoadJson.Default.Loaded));
        return loaded.Succeeded > 0 ? 0 : 1;
    }

    public void Dispose() => _client.Dispose();

    private async Task AskAsync()
    {
        while (Interlocked.Increment(ref _taken) is var number && number <= _requests && _watch.Elapsed < _until)
        {
            // With a rate, each has its own instant; a request that is late is sent at once, so a slow server is not spared.
            TimeSpan early = TimeSpan.FromSeconds(_interval * number) - _watch.Elapsed;
            if (early > TimeSpan.Zero) await Task.Delay(early);
            long began = Stopwatch.GetTimestamp();
            await AskOnceAsync(_what[(int)(number % _what.Count)]);
            _milliseconds.Enqueue(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
    }

    private async Task AskOnceAsync(string what)
    {
        string[] parts = what.Split(':', 2);
        var path = new Uri(_server, parts[^1]);
        bool isGivenUp = parts[0] == "cancel";
        using var stop = new CancellationTokenSource(isGivenUp ? Patience : Timeout.InfiniteTimeSpan);
        try
        {
            if (parts[0] == "ws") await TalkAsync(path);
            else using (HttpResponseMessage response = await (parts[0] == "post" ? _client.PostAsync(path, null, stop.Token) : _client.GetAsync(path, stop.Token)))
                Interlocked.Increment(ref response.IsSuccessStatusCode ? ref _succeeded : ref _failed);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref _cancelled);
        }
        catch (Exception e) when (e is HttpRequestException or WebSocketException or IOException)
        {
            Interlocked.Increment(ref _failed);
        }
    }

    private async Task TalkAsync(Uri path)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(path) { Scheme = "ws" }.Uri, CancellationToken.None);
        byte[] buffer = new byte[64];
        for (int i = 0; i < 3; i++)
        {
            await socket.SendAsync(buffer.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
            await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", CancellationToken.None);
        Interlocked.Increment(ref _succeeded);
    }

    private Loaded Sum()
    {
        double[] sorted = [.. _milliseconds.Order()];
        double At(double share) => sorted.Length == 0 ? 0 : sorted[(int)(share * (sorted.Length - 1))];
        return new Loaded(_succeeded, _failed, _cancelled, _watch.Elapsed.TotalSeconds, sorted.Length / _watch.Elapsed.TotalSeconds, At(0.5), At(0.99));
    }
}

/// <summary>What became of the requests; times in seconds and, for one request, milliseconds.</summary>
internal sealed record Loaded(long Succeeded, long Failed, long Cancelled, double Seconds, double PerSecond, double P50Ms, double P99Ms);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Loaded))]
internal sealed partial class LoadJson : JsonSerializerContext;
