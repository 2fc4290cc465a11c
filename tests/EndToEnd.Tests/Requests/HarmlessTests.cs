using System.Globalization;

namespace Observatory.EndToEnd.Tests;

/// <summary>A program that exports spans exports the same ones whether it is observed or not.</summary>
public sealed class HarmlessTests
{
    private const int Requests = 40;
    private const string NeverSampled = "00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-00";
    private static readonly string[] Endpoints = ["/", "/slow/1", "/await/1", "/spin/100", "/throw", "/nowhere"];

    [Fact]
    public async Task The_spans_of_a_program_with_open_telemetry_and_their_flags_are_the_same_with_and_without()
    {
        string[] alone = await SpansAsync(AskAsync);
        string[] observed = await SpansAsync(AskObservedAsync);

        // Every other caller samples, and a request that asks for another one has three spans.
        Assert.True(alone.Length > Requests / 2, $"{alone.Length} spans");
        Assert.Contains(alone, span => span.Contains(" System.Net.Http ", StringComparison.Ordinal));
        Assert.All(alone, span => Assert.Contains(" Recorded ", span, StringComparison.Ordinal));
        Assert.Equal(alone, observed);
    }

    /// <summary>What a server of its own exports while it is asked.</summary>
    private static async Task<string[]> SpansAsync(Func<RunningProcess, Uri, Task> ask)
    {
        using var spans = new TemporaryFile();
        await using RunningProcess server = RunningProcess.Start(Built.WebTarget, ["serve", "--spans", spans.Path]);
        await Eventually.TrueAsync("the server's address", () => server.Output.Contains('\n', StringComparison.Ordinal));
        await ask(server, new Uri(server.Output.Split('\n')[0].Split(' ')[1]));
        FinishedProcess ended = await server.StopAsync();
        Assert.True(ended.ExitCode == 0, $"exit code {ended.ExitCode}: {ended.Error}");
        return [.. File.ReadLines(spans.Path).Order(StringComparer.Ordinal)];
    }

    /// <summary>The same requests as if from the same callers, of which every other one wants its trace sampled.</summary>
    private static async Task AskAsync(RunningProcess server, Uri address)
    {
        for (int i = 1; i <= Requests; i++)
            await AskAsync(new Uri(address, Endpoints[i % Endpoints.Length]), string.Create(CultureInfo.InvariantCulture, $"00-{i:x32}-{i:x16}-0{i % 2}"));
    }

    /// <summary>The same with all that can be observed of requests.</summary>
    private static async Task AskObservedAsync(RunningProcess server, Uri address)
    {
        int port = FreePort.Next();
        await using RunningProcess collector = RunningProcess.Start(
            Built.Collector, ["attach", "--pid", $"{server.Id}", "--units", "queue", "--runtime-events", "verbose", "--json", "--port", $"{port}"]);
        await Eventually.TrueAsync("a request that is seen", async () =>
        {
            if (collector.HasExited) throw new InvalidOperationException($"The collector ended: {collector.Error}");
            await AskAsync(address, NeverSampled);
            return await UnitsAsync(port) > 0;
        });
        double? before = await UnitsAsync(port);
        await AskAsync(server, address);
        await Eventually.TrueAsync("all of them are seen", async () => await UnitsAsync(port) >= before + Requests);
    }

    private static async Task AskAsync(Uri address, string caller)
    {
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null });
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "traceparent", caller }, { "tracestate", "shop=1" }, { "baggage", "customer=7" } } };
        using HttpResponseMessage answer = await client.SendAsync(request);
    }

    private static async Task<double?> UnitsAsync(int port) =>
        (await Exposition.ReadAsync(new Uri($"http://127.0.0.1:{port}/metrics"))).Sum("observatory_units_total");
}
