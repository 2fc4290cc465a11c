using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Observatory.Hosting.Tests;

public sealed class MetricsServerTests
{
    private static readonly IPEndPoint Loopback = new(IPAddress.Loopback, 0);

    [Theory]
    [InlineData("GET", "/metrics", HttpStatusCode.OK)]
    [InlineData("GET", "/healthz", HttpStatusCode.OK)]
    [InlineData("GET", "/", HttpStatusCode.OK)]
    [InlineData("GET", "/other", HttpStatusCode.NotFound)]
    [InlineData("POST", "/metrics", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "/metrics", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/healthz", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PUT", "/", HttpStatusCode.MethodNotAllowed)]
    public async Task Only_what_is_meant_is_answered(string method, string path, HttpStatusCode status)
    {
        await using WebApplication server = Build(Loopback);
        Uri metrics = await MetricsServer.StartAsync(server, Loopback);
        using var client = new HttpClient();

        using HttpResponseMessage answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), new Uri(metrics, path)));

        Assert.Equal(status, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1:1234", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.BadRequest)]
    [InlineData("localhost.evil.example:80", HttpStatusCode.BadRequest)]
    [InlineData("169.254.169.254", HttpStatusCode.BadRequest)]
    public async Task On_loopback_a_foreign_host_is_refused(string host, HttpStatusCode status)
    {
        await using WebApplication server = Build(Loopback);
        Uri metrics = await MetricsServer.StartAsync(server, Loopback);

        Assert.Equal(status, await AskAsAsync(host, metrics));
    }

    [Fact]
    public async Task On_a_network_any_name_is_meant()
    {
        var everywhere = new IPEndPoint(IPAddress.Any, 0);
        await using WebApplication server = Build(everywhere);
        Uri metrics = await MetricsServer.StartAsync(server, everywhere);

        Assert.Equal(HttpStatusCode.OK, await AskAsAsync("collector", new UriBuilder(metrics) { Host = "127.0.0.1" }.Uri));
    }

    [Fact]
    public async Task Clients_that_hold_connections_are_limited_and_no_others_suffer_for_ever()
    {
        await using WebApplication server = Build(Loopback);
        Uri metrics = await MetricsServer.StartAsync(server, Loopback);
        List<TcpClient> holders = [];
        try
        {
            // More than the limit: the server closes those it does not take.
            for (int i = 0; i < 100; i++)
            {
                var holder = new TcpClient();
                await holder.ConnectAsync(IPAddress.Loopback, metrics.Port);
                holders.Add(holder);
            }

            var answers = await Task.WhenAll(holders.Select(holder => IsClosedAsync(holder)));
            Assert.Equal(36, answers.Count(isClosed => isClosed));
        }
        finally
        {
            foreach (TcpClient holder in holders) holder.Dispose();
        }

        Assert.Equal(HttpStatusCode.OK, await EventuallyAsync(() => AskAsAsync("localhost", metrics)));
    }

    [Theory]
    [InlineData(HealthStatus.Healthy, HttpStatusCode.OK, "ok\n")]
    [InlineData(HealthStatus.Degraded, HttpStatusCode.OK, "ok\nkernel: no rights?[31m\n")]
    [InlineData(HealthStatus.Unhealthy, HttpStatusCode.ServiceUnavailable, "kernel: no rights?[31m\n")]
    public async Task Health_is_what_the_parts_say(HealthStatus part, HttpStatusCode status, string text)
    {
        await using WebApplication server = MetricsServer.Build(
            "service", Loopback, _ => { }, _ => { },
            checks => checks.AddCheck("kernel", () => new HealthCheckResult(part, "no rights\u001b[31m")));
        Uri metrics = await MetricsServer.StartAsync(server, Loopback);
        using var client = new HttpClient();

        using HttpResponseMessage answer = await client.GetAsync(new Uri(metrics, HealthProbe.Path));

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(text, await answer.Content.ReadAsStringAsync());
        int expected = part == HealthStatus.Unhealthy ? ExitCodes.Finding : ExitCodes.Done;
        Assert.Equal(expected, await HealthProbe.AskAsync(new IPEndPoint(IPAddress.Loopback, metrics.Port)));
    }

    private static WebApplication Build(IPEndPoint endpoint) => MetricsServer.Build("service", endpoint, _ => { }, "meter");

    private static async Task<HttpStatusCode> AskAsAsync(string host, Uri address)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Host = host;
        using HttpResponseMessage answer = await client.SendAsync(request);
        return answer.StatusCode;
    }

    private static async Task<bool> IsClosedAsync(TcpClient client)
    {
        try
        {
            NetworkStream stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            return await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(60)) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static async Task<HttpStatusCode> EventuallyAsync(Func<Task<HttpStatusCode>> ask)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await ask();
            }
            catch (HttpRequestException) when (attempt < 200)
            {
                await Task.Delay(50);
            }
        }
    }
}
