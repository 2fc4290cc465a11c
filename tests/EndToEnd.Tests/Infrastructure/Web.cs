using System.Net;

namespace Observatory.EndToEnd.Tests;

/// <summary>HTTP to the processes under test.</summary>
internal static class Web
{
    /// <summary>What Prometheus asks for: OpenMetrics, so that exemplars come along.</summary>
    public const string OpenMetrics = "application/openmetrics-text;version=1.0.0";

    /// <summary>The classic text format.</summary>
    public const string PlainText = "text/plain;version=0.0.4";

    private static readonly HttpClient Client = new() { Timeout = Limits.Request };

    /// <summary>The body of a successful answer.</summary>
    public static async Task<string> GetAsync(Uri address, string accept = PlainText)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using HttpResponseMessage answer = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        string body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return answer.IsSuccessStatusCode
            ? body
            : throw new HttpRequestException($"{address} answered {(int)answer.StatusCode}: {body}");
    }

    /// <summary>What is answered to an empty message.</summary>
    public static async Task<HttpStatusCode> PostAsync(Uri address)
    {
        using HttpResponseMessage answer = await Client.PostAsync(address, content: null, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
