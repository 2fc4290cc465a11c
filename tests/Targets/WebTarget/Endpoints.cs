using System.Diagnostics;
using System.Net.WebSockets;
using Observatory.Kernel;

namespace Observatory.WebTarget;

/// <summary>Each path is one way in which a request can spend its time.</summary>
internal sealed class Endpoints
{
    /// <summary>Name of the program's own source of activities.</summary>
    public const string Source = "Observatory.Test.Orders";

    private static readonly ActivitySource Orders = new(Source);
    private static readonly HttpClient Client = new();
    private static readonly List<Timer> Timers = [];
    private static readonly Lock Gate = new();
    private static byte[]? s_last;

    /// <summary>Where this server listens, for requests to itself.</summary>
    public Uri? Self { get; set; }

    public void Map(WebApplication server)
    {
        server.MapGet("/", () => "ok");
        server.MapGet("/spin/{us:int}", (int us) => Spin(us));
        server.MapGet("/await/{ms:int}", async (int ms) =>
        {
            Spin(300);
            await Task.Delay(ms);
            return Spin(300);
        });
        server.MapGet("/yield/{times:int}", async (int times) =>
        {
            for (int i = 0; i < times; i++)
            {
                Spin(200);
                await Task.Yield();
            }

            return "yielded";
        });
        server.MapGet("/requeue/{times:int}", async (int times) =>
        {
            for (int i = 0; i < times; i++)
            {
                Spin(200);
                long queued = MonotonicClock.NowNanoseconds();
                await Task.Yield();
                Truth.Queued(MonotonicClock.NowNanoseconds() - queued);
            }

            return "requeued";
        });
        // Looks as a call of gRPC does.
        server.MapPost("/greet.v1.Greeter/SayHello", async () =>
        {
            Spin(100);
            await Task.Yield();
            return Spin(100);
        });
        server.MapGet("/parallel/{items:int}", async (int items) =>
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, items), async (_, _) =>
            {
                Spin(500);
                await Task.Yield();
                Spin(200);
            });
            return "all done";
        });
        server.MapGet("/hold/{ms:int}", (int ms) => Hold(ms));
        server.MapGet("/wait", () => Hold(0));
        // The classic mistake: a worker of the pool waits for something that needs a worker of the pool.
        server.MapGet("/block/{ms:int}", (int ms) => DelayAsync(ms).GetAwaiter().GetResult());
        server.MapGet("/slow/{ms:int}", async (int ms) => await Client.GetStringAsync(new Uri(Self!, $"/dependency/{ms}")));
        server.MapGet("/order/{ms:int}", (int ms) => OrderAsync(ms));
        server.MapGet("/dependency/{ms:int}", async (int ms) => await DelayAsync(ms));
        server.MapGet("/throw", string () => throw new InvalidOperationException("on purpose"));
        server.MapGet("/caught/{times:int}", (int times) => Catch(times));
        server.MapGet("/abort", (HttpContext context) => context.Abort());
        server.MapGet("/allocate/{kilobytes:int}", (int kilobytes) => Allocate(kilobytes));
        server.MapGet("/ws", EchoAsync);
        server.MapGet("/forget/{ms:int}", (int ms) => Forget(ms));
        server.MapGet("/timer/{ms:int}", (int ms) => StartTimer(ms));
        server.MapGet("/collect", () => GC.Collect());
    }

    /// <summary>An activity with work, a wait and work in it, and a part of its own that is an activity too.</summary>
    private async Task<string> OrderAsync(int milliseconds)
    {
        using Activity? order = Orders.StartActivity("order");
        Spin(300);
        string answer = await Client.GetStringAsync(new Uri(Self!, $"/dependency/{milliseconds}"));
        using (Orders.StartActivity("pack")) Spin(300);
        return answer;
    }

    // By the thread's own CPU clock, so that it costs the same with and without neighbours.
    private static string Spin(int microseconds)
    {
        long end = ThreadCpuClock.NowNanoseconds() + (microseconds * 1000L);
        while (ThreadCpuClock.NowNanoseconds() < end) Thread.SpinWait(20);
        return "spun";
    }

    private static string Hold(int milliseconds)
    {
        lock (Gate)
        {
            Spin(milliseconds * 1000);
            return "held";
        }
    }

    private static async Task<string> DelayAsync(int milliseconds)
    {
        await Task.Delay(milliseconds);
        return "delayed";
    }

    private static string Catch(int times)
    {
        for (int i = 0; i < times; i++)
        {
            try
            {
                throw new InvalidOperationException("on purpose");
            }
            catch (InvalidOperationException)
            {
                // That it was thrown is the point.
            }
        }

        return "caught";
    }

    private static string Allocate(int kilobytes)
    {
        // Each is within reach for a moment: otherwise the compiler may see that none is needed.
        for (int i = 0; i < kilobytes; i++) Volatile.Write(ref s_last, new byte[1024]);
        return "allocated";
    }

    private static async Task EchoAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        byte[] buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } received)
        {
            Spin(100);
            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", context.RequestAborted);
    }

    // Nothing waits for it: it goes on in the request's name when the request has long been answered.
    private static string Forget(int milliseconds)
    {
        _ = Task.Run(async () =>
        {
            Spin(200);
            await Task.Delay(milliseconds);
            Spin(500);
        });
        return "forgotten";
    }

    // A timer keeps the context of the request that made it; it fires three times and is gone.
    private static string StartTimer(int milliseconds)
    {
        int left = 3;
        Timer? timer = null;
        lock (Timers)
        {
            timer = new Timer(_ =>
            {
                Spin(100);
                if (Interlocked.Decrement(ref left) > 0) return;
                lock (Timers)
                {
                    if (Timers.Remove(timer!)) timer!.Dispose();
                }
            }, null, milliseconds, milliseconds);
            Timers.Add(timer);
        }

        return "started";
    }
}
