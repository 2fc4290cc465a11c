using System.Net;
using System.Text.Json;

namespace Observatory.EndToEnd.Tests;

/// <summary>A real Prometheus on a free loopback port, with its data in a folder that is gone afterwards.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private const string Program = "prometheus";

    // Named, because Debian has moved the default to a folder of the system.
    private const string Data = "--storage.tsdb.path=data";
    private const string AgentData = "--storage.agent.path=data";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("observatory-prometheus-");
    private readonly RunningProcess _process;

    /// <param name="configuration">Text of its configuration.</param>
    /// <param name="environment">Variables that it refers to.</param>
    /// <param name="arguments">What makes it a special one.</param>
    private PrometheusServer(
        string configuration, IReadOnlyDictionary<string, string?>? environment = null, params string[] arguments)
    {
        int port = FreePort.Next();
        Address = new Uri($"http://127.0.0.1:{port}/");
        string file = Path.Combine(_folder.FullName, "prometheus.yml");
        File.WriteAllText(file, configuration);
        _process = RunningProcess.Start(Program,
        [
            $"--config.file={file}",
            $"--web.listen-address=127.0.0.1:{port}",
            "--log.level=warn",
            .. arguments,
        ], environment, workingFolder: _folder.FullName);
    }

    public Uri Address { get; }

    /// <summary>Where it takes metrics over OTLP (http/protobuf), if it does.</summary>
    public Uri OtlpMetrics => new(Address, "api/v1/otlp/v1/metrics");

    /// <summary>Whether this machine has one.</summary>
    public static bool IsInstalled => Programs.Exists(Program);

    /// <summary>Skips the test where there is none.</summary>
    public static void Needed() => Assert.SkipUnless(
        IsInstalled, "needs Prometheus: apt-get install prometheus (any version from 2.42 on)");

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="targets">Addresses (host:port, between commas) by job of prometheus/prometheus.yml.</param>
    /// <param name="interval">Scrape interval.</param>
    public static async Task<PrometheusServer> StartAsync(
        IReadOnlyDictionary<string, string> targets, string interval = "1s")
    {
        string configuration = PrometheusConfiguration.For("prometheus.yml", targets, interval);
        return await ReadyAsync(new PrometheusServer(configuration, null, Data, "--enable-feature=exemplar-storage"));
    }

    /// <summary>Starts one that scrapes nothing and takes what others send.</summary>
    public static Task<PrometheusServer> StartReceiverAsync() =>
        ReadyAsync(new PrometheusServer("{}", null, Data, "--web.enable-remote-write-receiver"));

    /// <summary>Starts one that scrapes nothing and takes OTLP; skips the test where that is not possible.</summary>
    public static async Task<PrometheusServer> StartOtlpReceiverAsync()
    {
        const string Reason = "needs Prometheus 2.47 or later with its OTLP receiver, which Debian's is built without";
        Needed();
        string? receiver = (await PrometheusVersion.ReadAsync()).OtlpReceiver;
        Assert.SkipUnless(receiver is not null, Reason);
        PrometheusServer server = await ReadyAsync(new PrometheusServer("{}", null, Data, receiver!));
        if (await Web.PostAsync(server.OtlpMetrics) != HttpStatusCode.NotFound) return server;
        await server.DisposeAsync();
        Assert.Skip(Reason);
        return server;
    }

    /// <summary>Starts one that scrapes, every second, and sends all of it to another.</summary>
    /// <param name="file">remote-write.yml or agent.yml.</param>
    /// <param name="targets">Address (host:port) by job.</param>
    /// <param name="receiver">Root of the other's HTTP API.</param>
    /// <param name="environment">What the file refers to.</param>
    public static async Task<PrometheusServer> StartSenderAsync(
        string file, IReadOnlyDictionary<string, string> targets, Uri receiver, IReadOnlyDictionary<string, string?> environment)
    {
        PrometheusVersion version = await PrometheusVersion.ReadAsync();
        string[] arguments = file == "agent.yml" ? [AgentData, .. version.Agent] : [Data, .. version.ExternalLabels];
        string configuration = PrometheusConfiguration.For(file, targets, "1s", receiver);
        return await ReadyAsync(new PrometheusServer(configuration, environment, arguments));
    }

    /// <summary>The instant vector that a query returns now; a scalar is a sample without labels.</summary>
    /// <exception cref="HttpRequestException">Prometheus refuses the query, and says why.</exception>
    public async Task<IReadOnlyList<Sample>> QueryAsync(string query)
    {
        JsonElement data = await GetAsync($"api/v1/query?query={Uri.EscapeDataString(query)}");
        JsonElement result = data.GetProperty("result");
        return data.GetProperty("resultType").GetString() == "scalar"
            ? [new Sample(new Dictionary<string, string>(), Sample.ReadValue(result))]
            : [.. result.EnumerateArray().Select(Sample.Read)];
    }

    /// <summary>Its rules, in the order of the files.</summary>
    public async Task<IReadOnlyList<RuleHealth>> RulesAsync()
    {
        JsonElement groups = (await GetAsync("api/v1/rules")).GetProperty("groups");
        return [.. groups.EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray()).Select(RuleHealth.Read)];
    }

    /// <summary>The <c>data</c> of any answer of the HTTP API.</summary>
    /// <param name="path">From the server's root, query included.</param>
    public async Task<JsonElement> GetAsync(string path)
    {
        using JsonDocument answer = JsonDocument.Parse(await Web.GetAsync(new Uri(Address, path)));
        return answer.RootElement.GetProperty("data").Clone();
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static async Task<PrometheusServer> ReadyAsync(PrometheusServer server)
    {
        try
        {
            await Eventually.TrueAsync("Prometheus to be ready", server.IsReadyAsync);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private async Task<bool> IsReadyAsync()
    {
        if (_process.HasExited)
            throw new InvalidOperationException($"Prometheus ended: {_process.Error} {_process.Output}");
        await Web.GetAsync(new Uri(Address, "-/ready"));
        return true;
    }
}
