using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry.Trace;

namespace Observatory.WebTarget;

/// <summary>A plain minimal API: nothing in it knows of an observer.</summary>
internal static class Server
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            // HTTP/2 without encryption needs a port of its own: nothing negotiates it.
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2);
        });
        using TracerProvider? spans = arguments.Text("--spans") is { } path ? Spans.Export(path, arguments.Has("--own-source")) : null;
        await using WebApplication server = builder.Build();
        string? truth = arguments.Text("--truth");
        if (truth is not null) server.Use(Truth.KeepAsync);
        server.UseWebSockets();
        var endpoints = new Endpoints();
        endpoints.Map(server);
        await server.StartAsync();
        string[] addresses = [.. server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];
        endpoints.Self = new Uri(addresses[0]);
        // The first is HTTP/1.1, the second HTTP/2.
        Console.WriteLine($"listening {string.Join(' ', addresses)}");
        await server.WaitForShutdownAsync();
        if (truth is not null) await Truth.WriteAsync(truth);
        return 0;
    }
}
