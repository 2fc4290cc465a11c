using System.Collections.Concurrent;
using System.Net;

namespace Observatory.EndToEnd.Tests;

/// <summary>Takes metrics over OTLP (http/protobuf) on a free loopback port, and keeps them.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<OtlpExport> _exports = new();
    private readonly Task _serving;

    public OtlpReceiver()
    {
        Address = $"http://127.0.0.1:{FreePort.Next()}/";
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>For OTEL_EXPORTER_OTLP_ENDPOINT; the path of the signal is the exporter's to add.</summary>
    public string Address { get; }

    /// <summary>What was received so far.</summary>
    public IReadOnlyList<OtlpExport> Exports => [.. _exports];

    /// <summary>What was sent that is not metrics; null while nothing was.</summary>
    public string? Complaint { get; private set; }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            await TakeAsync(context.Request);
            context.Response.Close();
        }
    }

    private async Task TakeAsync(HttpListenerRequest request)
    {
        using var body = new MemoryStream();
        await request.InputStream.CopyToAsync(body);
        if (request is { HttpMethod: "POST", RawUrl: "/v1/metrics", ContentType: "application/x-protobuf" })
        {
            foreach (OtlpExport export in OtlpExport.Read(body.ToArray())) _exports.Enqueue(export);
        }
        else
        {
            Complaint = $"{request.HttpMethod} {request.RawUrl} {request.ContentType}";
        }
    }
}
