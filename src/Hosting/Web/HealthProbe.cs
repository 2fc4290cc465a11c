using System.Net;

namespace Observatory.Hosting;

/// <summary>
/// Asks a process of the product over HTTP whether it is well: the <c>health</c> command, for container images that
/// have nothing else to ask with.
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
            await Console.Error.WriteLineAsync($"{address} answers {(int)answer.StatusCode}").ConfigureAwait(false);
        }
        catch (Exception silent) when (silent is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"{address} does not answer: {silent.Message}").ConfigureAwait(false);
        }

        return ExitCodes.Finding;
    }

    private static IPAddress Reachable(IPAddress address)
    {
        if (address.Equals(IPAddress.Any)) return IPAddress.Loopback;
        return address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;
    }
}
