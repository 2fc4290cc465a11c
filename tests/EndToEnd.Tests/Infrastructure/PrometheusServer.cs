using System.Text.Json;

namespace Observatory.EndToEnd.Tests.Infrastructure;

/// <summary>A real Prometheus on a free loopback port, with its data in a folder that is gone afterwards.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private const string Program = "prometheus";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("observatory-prometheus-");
    private readonly RunningProcess _process;

    private PrometheusServer(string configuration)
    {
        int port = FreePort.Next();
        Address = new Uri($"http://127.0.0.1:{port}/");
        string file = Path.Combine(_folder.FullName, "prometheus.yml");
        File.WriteAllText(file, configuration);
        _process = RunningProcess.Start(Program,
        [
            $"--config.file={file}",
            $"--storage.tsdb.path={Path.Combine(_folder.FullName, "data")}",
            $"--web.listen-address=127.0.0.1:{port}",
            "--enable-feature=exemplar-storage",
            "--log.level=warn",
        ]);
    }

    public Uri Address { get; }

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
        string product = await File.ReadAllTextAsync(Built.InRepository("prometheus/prometheus.yml"));
        var server = new PrometheusServer(PrometheusConfiguration.For(product, targets, interval));
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

    private async Task<bool> IsReadyAsync()
    {
        if (_process.HasExited)
            throw new InvalidOperationException($"Prometheus ended: {_process.Error} {_process.Output}");
        await Web.GetAsync(new Uri(Address, "-/ready"));
        return true;
    }
}
