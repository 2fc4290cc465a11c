using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Observatory.Hosting;

/// <summary>
/// Whether a process of the product is well: what it answers over HTTP, and the <c>health</c> command that asks, for
/// container images that have nothing else to ask with.
/// </summary>
public static class HealthProbe
{
    /// <summary>Path that both processes answer while they are well.</summary>
    public const string Path = "/healthz";

    /// <summary>Shorter than any orchestrator's own limit, so that the reason is printed.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>Asks, and says on standard error what is wrong.</summary>
    /// <param name="endpoint">Where the process listens; any address is asked through loopback.</param>
    /// <returns><see cref="ExitCodes.Done"/> or <see cref="ExitCodes.Finding"/>.</returns>
    public static async Task<int> AskAsync(IPEndPoint endpoint)
    {
        var address = new UriBuilder(Uri.UriSchemeHttp, Reachable(endpoint.Address).ToString(), endpoint.Port, Path).Uri;
        using var client = new HttpClient { Timeout = Limit };
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(address).ConfigureAwait(false);
            if (answer.IsSuccessStatusCode) return ExitCodes.Done;
            string why = SafeText.Line((await answer.Content.ReadAsStringAsync().ConfigureAwait(false)).Trim());
            await Console.Error.WriteLineAsync($"{address} answers {(int)answer.StatusCode}: {why}").ConfigureAwait(false);
        }
        catch (Exception silent) when (silent is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"{address} does not answer: {silent.Message}").ConfigureAwait(false);
        }

        return ExitCodes.Finding;
    }

    /// <summary>The answer to such a question: <c>ok</c>, or a line for each part that is not well.</summary>
    internal static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        IEnumerable<string> lines = report.Entries
            .Where(part => part.Value.Status != HealthStatus.Healthy)
            .Select(part => SafeText.Line($"{part.Key}: {part.Value.Description ?? "not well"}") + "\n");
        string first = report.Status == HealthStatus.Unhealthy ? "" : "ok\n";
        return context.Response.WriteAsync(first + string.Concat(lines));
    }

    private static IPAddress Reachable(IPAddress address)
    {
        if (address.Equals(IPAddress.Any)) return IPAddress.Loopback;
        return address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;
    }
}
