using System.Diagnostics.Tracing;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Diagnostics.NETCore.Client;

namespace Observatory.EndToEnd.Tests;

/// <summary>Activities as units: those that the program records itself, those that it does not, and another tool that takes the listener.</summary>
public sealed class ActivityUnitTests
{
    private const string Source = "Observatory.Test.Orders";
    private const string Provider = "Microsoft-Diagnostics-DiagnosticSource";
    private const string Ended = "observatory_units_total";
    private const string Sources = "observatory_unit_activity_sources";
    private const int Orders = 20;

    [Fact]
    public async Task Activities_that_the_program_records_are_units_and_its_spans_are_the_same_with_and_without()
    {
        await using var alone = await Shop.StartAsync(Built.WebTarget, "--own-source");
        await alone.OrderAsync(Orders);
        string[] without = await alone.SpansAsync();

        await using var shop = await Shop.StartAsync(Built.WebTarget, "--own-source");
        await shop.AttachAsync($"activity:{Source}");
        await shop.SeesOrdersAsync();
        await shop.OrderAsync(Orders);
        await shop.SeesAsync(Ended, "unit=order", Orders);
        JsonNode results = await shop.DetachAsync();
        string[] with = await shop.SpansAsync();

        // Every other caller samples: the order, what is in it, and the requests around and below.
        Assert.Contains(without, span => span.Contains($" {Source} order ", StringComparison.Ordinal));
        Assert.All(without, span => Assert.Contains(" Recorded ", span, StringComparison.Ordinal));
        Assert.Equal(without, with);
        shop.AccountsAddUp();
        Assert.InRange(Problem(results, "nested"), Orders, long.MaxValue);
        Assert.Equal(0, Problem(results, "malformed"));
        Assert.DoesNotContain("withdrawn", shop.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_of_which_the_program_records_nothing_is_left_alone_again_and_the_spans_are_as_before()
    {
        await using var alone = await Shop.StartAsync(Built.WebTarget);
        await alone.OrderAsync(Orders);
        string[] without = await alone.SpansAsync();

        await using var shop = await Shop.StartAsync(Built.WebTarget);
        await shop.AttachAsync($"activity:{Source}");
        await Eventually.TrueAsync("the request is withdrawn", async () =>
        {
            await shop.OrderUnsampledAsync();
            return (await shop.ScrapeAsync()).Sum(Sources, "state=withdrawn") == 1;
        });
        // Said and counted first, done at once after: the listener is gone when its session is.
        await Eventually.TrueAsync("it is done", async () =>
        {
            double? before = (await shop.ScrapeAsync()).Sum("observatory_unit_problems_total", "reason=nested");
            await shop.OrderUnsampledAsync();
            return before is not null && shop.Said.Contains($"activity:{Source}!", StringComparison.Ordinal);
        });
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        await shop.OrderAsync(Orders);
        Assert.Equal(1, (await shop.ScrapeAsync()).Sum("observatory_unit_activity_losses_total", "reason=not_recorded"));
        await shop.DetachAsync();
        string[] with = await shop.SpansAsync();
        Assert.True(without.Length > Orders, $"{without.Length} spans");
        Assert.Equal(without, with);
        Assert.Single(shop.Said.Split('\n'), line => line.Contains("was withdrawn", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_tool_that_takes_the_listener_is_said_and_asked_for_again_when_it_has_gone()
    {
        await using var shop = await Shop.StartAsync(Built.WebTarget);
        await shop.AttachAsync($"activity:{Source}!");
        await shop.SeesOrdersAsync();
        using (EventPipeSession other = Listen(shop.Target))
        {
            await Eventually.TrueAsync("it is noticed", async () => (await shop.ScrapeAsync()).Sum(Sources, "state=taken") == 1);
            Assert.Contains("activities", await shop.HealthAsync(), StringComparison.Ordinal);
            // Not asked for while the other is there: the listener would be taken from that one.
            await Task.Delay(TimeSpan.FromSeconds(12), TestContext.Current.CancellationToken);
            Assert.Equal(1, (await shop.ScrapeAsync()).Sum(Sources, "state=taken"));
            await other.StopAsync(TestContext.Current.CancellationToken);
        }

        await Eventually.TrueAsync("it is asked for again", async () => (await shop.ScrapeAsync()).Sum(Sources, "state=observed") == 1);
        double? seen = (await shop.ScrapeAsync()).Sum(Ended, "unit=order");
        await shop.OrderAsync(Orders);
        await shop.SeesAsync(Ended, "unit=order", seen!.Value + Orders);
        Assert.DoesNotContain("activities", await shop.HealthAsync(), StringComparison.Ordinal);
        Assert.Equal(1, (await shop.ScrapeAsync()).Sum("observatory_unit_activity_losses_total", "reason=other_tool"));
        await shop.DetachAsync();
        Assert.Single(shop.Said.Split('\n'), line => line.Contains("another tool has taken", StringComparison.Ordinal));
        shop.AccountsAddUp();
    }

    [Theory]
    [InlineData("net8.0")]
    [InlineData("net9.0")]
    public async Task On_older_runtimes_activities_are_units_and_another_tool_is_noticed_too(string framework)
    {
        await using var shop = await Shop.StartAsync(Built.OlderWebTarget(framework));
        await shop.AttachAsync($"activity:{Source}!");
        await shop.SeesOrdersAsync();
        await shop.OrderAsync(Orders);
        await shop.SeesAsync(Ended, "unit=order", Orders);
        using (EventPipeSession other = Listen(shop.Target))
        {
            await Eventually.TrueAsync("it is noticed", async () => (await shop.ScrapeAsync()).Sum(Sources, "state=taken") == 1);
            await other.StopAsync(TestContext.Current.CancellationToken);
        }

        await Eventually.TrueAsync("it is asked for again", async () => (await shop.ScrapeAsync()).Sum(Sources, "state=observed") == 1);
        JsonNode results = await shop.DetachAsync();
        shop.AccountsAddUp();
        Assert.Equal(0, Problem(results, "malformed"));
    }

    /// <summary>What dotnet-monitor and dotnet-trace do.</summary>
    private static EventPipeSession Listen(int process)
    {
        EventPipeSession session = new DiagnosticsClient(process).StartEventPipeSession(
            [
                new EventPipeProvider(Provider, EventLevel.Verbose, 0x3, new Dictionary<string, string> { ["FilterAndPayloadSpecs"] = "[AS]Elsewhere/-Propagate" }),
            ], requestRundown: false);
        _ = session.EventStream.CopyToAsync(Stream.Null).ContinueWith(
            done => _ = done.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return session;
    }

    private static long Problem(JsonNode results, string reason) => results["unit_source"]!["problems"]![reason]!.GetValue<long>();

    /// <summary>A server that exports spans, and a collector of which activities are the only units.</summary>
    private sealed class Shop : IAsyncDisposable
    {
        private const string NeverSampled = "00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-00";
        private readonly TemporaryFile _spans = new();
        private readonly TemporaryFile _accounts = new();
        private readonly int _port = FreePort.Next();
        private readonly HttpClient _client = new(new SocketsHttpHandler { ActivityHeadersPropagator = null });
        private readonly RunningProcess _server;
        private RunningProcess? _collector;
        private Uri? _address;

        private Shop(string server, string[] options) => _server = RunningProcess.Start(server, ["serve", "--spans", _spans.Path, .. options]);

        public int Target => _server.Id;

        /// <summary>What the collector has said to people.</summary>
        public string Said => _collector!.Error;

        public static async Task<Shop> StartAsync(string server, params string[] options)
        {
            var shop = new Shop(server, options);
            await Eventually.TrueAsync("the server's address", () => shop._server.Output.Contains('\n', StringComparison.Ordinal));
            shop._address = new Uri(shop._server.Output.Split('\n')[0].Split(' ')[1]);
            return shop;
        }

        public async Task AttachAsync(string unit)
        {
            _collector = RunningProcess.Start(
                Built.Collector, ["attach", "--pid", $"{Target}", "--units", "off", "--unit", unit, "--json", "--accounts", _accounts.Path, "--port", $"{_port}"]);
            await Eventually.TrueAsync("the collector", async () => _collector.HasExited
                ? throw new InvalidOperationException($"The collector ended: {_collector.Error}")
                : (await ScrapeAsync()).Sum("observatory_source_up", "source=runtime") == 1);
        }

        public Task<Exposition> ScrapeAsync() => Exposition.ReadAsync(new Uri($"http://127.0.0.1:{_port}/metrics"));

        public async Task<string> HealthAsync() => await _client.GetStringAsync(new Uri($"http://127.0.0.1:{_port}/healthz"));

        public Task SeesAsync(string name, string labels, double atLeast) => Eventually.TrueAsync(
            $"{name}{{{labels}}} is {atLeast}", async () => (await ScrapeAsync()).Sum(name, labels) >= atLeast);

        public Task SeesOrdersAsync() => Eventually.TrueAsync("an order", async () =>
        {
            await OrderUnsampledAsync();
            return (await ScrapeAsync()).Sum(Ended, "unit=order") > 0;
        });

        /// <summary>As if from the same callers each time, of which every other one wants its trace sampled.</summary>
        public async Task OrderAsync(int orders)
        {
            for (int i = 1; i <= orders; i++) await AskAsync(string.Create(CultureInfo.InvariantCulture, $"00-{i:x32}-{i:x16}-0{i % 2}"));
        }

        public Task OrderUnsampledAsync() => AskAsync(NeverSampled);

        /// <summary>Ends the collector.</summary>
        public async Task<JsonNode> DetachAsync()
        {
            FinishedProcess observed = await _collector!.StopAsync();
            Assert.True(observed.ExitCode == 0, $"exit code {observed.ExitCode}: {observed.Error}");
            return JsonNode.Parse(observed.Output)!;
        }

        /// <summary>Ends the server: what it has exported, of callers that are not ours while the collector came.</summary>
        public async Task<string[]> SpansAsync()
        {
            FinishedProcess ended = await _server.StopAsync();
            Assert.True(ended.ExitCode == 0, $"exit code {ended.ExitCode}: {ended.Error}");
            return [.. File.ReadLines(_spans.Path).Where(span => !span.StartsWith("ffffffff", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        }

        public void AccountsAddUp()
        {
            JsonNode[] accounts = [.. File.ReadLines(_accounts.Path).Select(line => JsonNode.Parse(line)!)];
            Assert.NotEmpty(accounts);
            Assert.All(accounts, account =>
            {
                Assert.Equal("order", account["unit"]!.GetValue<string>());
                Assert.Equal(
                    account["ended_ns"]!.GetValue<long>() - account["began_ns"]!.GetValue<long>(),
                    account["ns"]!.AsObject().Sum(state => state.Value?.GetValue<long>() ?? 0));
            });
        }

        public async ValueTask DisposeAsync()
        {
            await _server.DisposeAsync();
            if (_collector is not null) await _collector.DisposeAsync();
            _client.Dispose();
            _spans.Dispose();
            _accounts.Dispose();
        }

        private async Task AskAsync(string caller)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_address!, "/order/1")) { Headers = { { "traceparent", caller } } };
            using HttpResponseMessage answer = await _client.SendAsync(request);
            answer.EnsureSuccessStatusCode();
        }
    }
}
