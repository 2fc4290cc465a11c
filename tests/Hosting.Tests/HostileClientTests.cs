using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;

namespace Observatory.Hosting.Tests;

/// <summary>Clients that are slow on purpose or send what nothing asked for: each loses its connection, and a scrape beside them works.</summary>
public sealed class HostileClientTests
{
    private static readonly IPEndPoint Loopback = new(IPAddress.Loopback, 0);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Headers_that_never_end_are_given_up_and_a_scrape_beside_them_works()
    {
        await using WebApplication server = MetricsServer.Build("service", Loopback, _ => { }, "meter");
        Uri metrics = await MetricsServer.StartAsync(server, Loopback);
        TcpClient[] slow = [.. Enumerable.Range(0, 40).Select(_ => new TcpClient())];
        try
        {
            foreach (TcpClient client in slow)
            {
                await client.ConnectAsync(IPAddress.Loopback, metrics.Port);
                await client.GetStream().WriteAsync("GET /metrics HTTP/1.1\r\nHost: localhost\r\n"u8.ToArray());
            }

            Task<bool>[] ends = [.. slow.Select(DripAsync)];
            using var scraper = new HttpClient { Timeout = Limit };
            Assert.Equal(HttpStatusCode.OK, (await scraper.GetAsync(metrics)).StatusCode);
            Assert.All(await Task.WhenAll(ends), Assert.True);
            Assert.Equal(HttpStatusCode.OK, (await scraper.GetAsync(metrics)).StatusCode);
        }
        finally
        {
            foreach (TcpClient client in slow) client.Dispose();
        }
    }

    [Theory]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: localhost\r\nX: {long}\r\n\r\n", "431")]
    [InlineData("GET /{long} HTTP/1.1\r\nHost: localhost\r\n\r\n", "414")]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: localhost\r\n{many}\r\n", "431")]
    [InlineData("GET /metrics HTTP/1.1\r\n\r\n", "400")]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", "400")]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\0: x\r\n\r\n", "400")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\r\n\r\n", "400")]
    public async Task What_is_too_long_or_makes_no_sense_is_refused_and_the_next_scrape_works(string request, string status)
    {
        await using WebApplication server = MetricsServer.Build("service", Loopback, _ => { }, "meter");
        Uri metrics = await MetricsServer.StartAsync(server, Loopback);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, metrics.Port);
        string text = request
            .Replace("{long}", new string('x', 200_000), StringComparison.Ordinal)
            .Replace("{many}", string.Concat(Enumerable.Range(0, 1000).Select(n => $"X{n}: y\r\n")), StringComparison.Ordinal);

        Assert.StartsWith($"HTTP/1.1 {status} ", await AnswerAsync(client, text), StringComparison.Ordinal);
        using var scraper = new HttpClient { Timeout = Limit };
        Assert.Equal(HttpStatusCode.OK, (await scraper.GetAsync(metrics)).StatusCode);
    }

    /// <summary>Sends a header a byte at a time. True when the server has ended it.</summary>
    private static async Task<bool> DripAsync(TcpClient client)
    {
        using var limit = new CancellationTokenSource(Limit);
        NetworkStream stream = client.GetStream();
        try
        {
            Task<int> end = stream.ReadAsync(new byte[512], limit.Token).AsTask();
            while (!end.IsCompleted)
            {
                await stream.WriteAsync("x"u8.ToArray(), limit.Token);
                await Task.WhenAny(end, Task.Delay(200, limit.Token));
            }

            await end;
            return true;
        }
        catch (IOException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task<string> AnswerAsync(TcpClient client, string request)
    {
        NetworkStream stream = client.GetStream();
        using var limit = new CancellationTokenSource(Limit);
        // The server may stop listening before all of it is there.
        Task sending = stream.WriteAsync(Encoding.Latin1.GetBytes(request), limit.Token).AsTask();
        byte[] answer = new byte[64];
        int read = await stream.ReadAtLeastAsync(answer, 13, throwOnEndOfStream: false, limit.Token);
        await sending.ContinueWith(_ => { }, TaskScheduler.Default);
        return Encoding.Latin1.GetString(answer, 0, read);
    }
}
