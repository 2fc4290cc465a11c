using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Observatory.Hosting;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary><c>why</c>: the causes, ranked and in sentences, of a file of accounts or of a collector that runs.</summary>
internal static class WhyCommand
{
    /// <summary>Path at which a collector answers.</summary>
    public const string Path = "/why";

    private const int MostBytes = 64 << 20;

    public static Command Create()
    {
        var file = new Argument<string[]>("accounts")
        {
            Description = "Files that --accounts has written. Without any, the running collector is asked.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var json = new Option<bool>("--json") { Description = "Print the answer as one JSON object." };
        var endpoint = new ObserveCommandOptions();
        var why = new Command("why", "Show why it is slow: the causes, ranked, and the worst units.") { file, json };
        endpoint.AddEndpointTo(why);
        why.SetAction(async (parsed, cancellation) =>
        {
            WhyReport report = parsed.GetValue(file) is { Length: > 0 } paths
                ? ReadFile(paths)
                : await AskAsync(endpoint.ReadEndpoint(parsed), Environment.GetEnvironmentVariable(PageEndpoints.TokenVariable), cancellation).ConfigureAwait(false);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(ToJson(report));
                return ExitCodes.Done;
            }

            foreach (string line in Lines(report)) Console.WriteLine(line);
            return ExitCodes.Done;
        });
        return why;
    }

    /// <summary>The report in lines. Whatever answers on a port may say anything: what a terminal would act on is taken out here.</summary>
    internal static IEnumerable<string> Lines(WhyReport report) =>
        report.ToText().Split('\n').SelectMany(line => WrappedText.Wrap(SafeText.Line(line.TrimEnd()), Terminal.Width));

    public static string ToJson(WhyReport report) => JsonSerializer.Serialize(report, WhyJsonContext.Default.WhyReport);

    /// <summary>The report on a file of accounts, or on several as they are left by <c>--accounts-rotate</c>, in any order.</summary>
    /// <exception cref="UsageException">One cannot be read, or there are no causes in them.</exception>
    public static WhyReport ReadFile(params IReadOnlyList<string> paths)
    {
        SortedDictionary<string, ConfigurationCauses> found = new(StringComparer.Ordinal);
        foreach (string path in paths) AddFile(path, found);
        if (found.Count == 0) throw new UsageException($"'{string.Join("', '", paths)}' has no account in it. Write one with --accounts.");
        return WhyReport.Create(
            new CauseSnapshot([.. found.Values], new CauseTimes(), 0, new Dictionary<string, long>(), TargetLimits.None), observedSeconds: null);
    }

    private static void AddFile(string path, SortedDictionary<string, ConfigurationCauses> found)
    {
        int number = 0;
        try
        {
            foreach (string line in File.ReadLines(path))
            {
                number++;
                if (line.Length > 0) AddLine(line, found);
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{path}' cannot be read: {refused.Message}");
        }
        catch (Exception damaged) when (damaged is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new UsageException($"'{path}' is not a file that --accounts has written: line {number}: {SafeText.Line(damaged.Message)}");
        }
    }

    private static void AddLine(string line, SortedDictionary<string, ConfigurationCauses> found)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement account = document.RootElement;
        bool isRequest = account.TryGetProperty("unit", out JsonElement unit);
        string name = isRequest ? SafeText.Name(unit.GetString()) : NameOfIteration(account);
        var causes = new CauseTimes();
        foreach (JsonElement cause in account.GetProperty("causes").EnumerateArray())
        {
            if (Cause.Parse(cause.GetProperty("cause").GetString() ?? "") is not { } kind) continue;
            string by = cause.TryGetProperty("by", out JsonElement text) ? SafeText.Name(text.GetString()) : "";
            int pid = cause.TryGetProperty("pid", out JsonElement process) ? process.GetInt32() : 0;
            string detail = cause.TryGetProperty("detail", out JsonElement more) ? SafeText.Line(more.GetString() ?? "") : "";
            causes.Add(new Cause(kind, by, pid, detail), cause.GetProperty("ns").GetInt64());
        }

        // Files of before this was written have none.
        var withoutCpu = new CauseTimes();
        if (account.TryGetProperty("without_cpu_ns", out JsonElement waits))
        {
            foreach (JsonProperty wait in waits.EnumerateObject())
            {
                if (Cause.Parse(wait.Name) is { } kind) withoutCpu.Add(new Cause(kind), wait.Value.GetInt64());
            }
        }

        long began = account.GetProperty("began_ns").GetInt64();
        if (!found.TryGetValue(name, out ConfigurationCauses? one)) found.Add(name, one = new ConfigurationCauses(name));
        one.Add(
            account.GetProperty(isRequest ? "number" : "iteration").GetInt64(),
            account.GetProperty("thread").GetInt32(),
            new Timestamp(began),
            account.GetProperty("ended_ns").GetInt64() - began,
            causes,
            withoutCpu);
    }

    private static string NameOfIteration(JsonElement account) => UnitName.From(
        SafeText.Name(account.GetProperty("operation").GetString()),
        account.GetProperty("batch_size").GetInt64(),
        account.GetProperty("sequence_length").GetInt64(),
        account.GetProperty("embedding_dim").GetInt64())
        + UnitName.Axes(
            account.TryGetProperty("threads", out JsonElement threads) ? threads.GetInt64() : null,
            account.TryGetProperty("dtype", out JsonElement type) ? SafeText.Name(type.GetString()) : null);

    /// <param name="endpoint">Where a collector listens.</param>
    /// <param name="token">The token that it wants elsewhere than on loopback; null for none.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="UsageException">None answers there, or not to us.</exception>
    internal static async Task<WhyReport> AskAsync(IPEndPoint endpoint, string? token, CancellationToken cancellation)
    {
        IPAddress address = endpoint.Address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : endpoint.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : endpoint.Address;
        Uri asked = new UriBuilder(Uri.UriSchemeHttp, address.ToString(), endpoint.Port, Path).Uri;
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = MostBytes };
        if (!string.IsNullOrEmpty(token)) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            string answer = await client.GetStringAsync(asked, cancellation).ConfigureAwait(false);
            return JsonSerializer.Deserialize(answer, WhyJsonContext.Default.WhyReport)
                ?? throw new UsageException($"{asked} gave no answer.");
        }
        catch (HttpRequestException refused) when (refused.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            throw new UsageException(
                $"The collector at {asked} requires a token: start it with {PageEndpoints.TokenVariable} set, and set the same value here.");
        }
        catch (Exception silent) when (silent is HttpRequestException or JsonException || (silent is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new UsageException(
                $"No collector answers on {asked}: {SafeText.Line(silent.Message)} Start one, name its --port, or name a file that --accounts has written.");
        }
    }
}
