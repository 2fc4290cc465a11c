namespace Observatory.WebApi;

/// <summary>Customers of the shop: sixteen at once, each asks, looks at the answer for a moment and asks again.</summary>
internal static class Load
{
    private const int Customers = 16;

    // How often each is asked for, of 100 requests.
    private static readonly (int Share, string Method, Func<int, string> Path)[] Mix =
    [
        (55, "GET", id => $"/orders/{id}"),
        (25, "GET", _ => "/catalog"),
        (10, "GET", id => $"/quotes/{id}"),
        (5, "GET", id => $"/reports/{2000 + (id % 26)}"),
        (3, "POST", _ => "/catalog/refresh"),
        (2, "GET", id => $"/rates/{(id % 2 == 0 ? "EUR" : "CHF")}"),
    ];

    public static async Task<int> RunAsync(Uri shop)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        AppDomain.CurrentDomain.ProcessExit += (_, _) => stop.Cancel();
        using var client = new HttpClient { BaseAddress = shop };
        await Task.WhenAll(Enumerable.Range(0, Customers).Select(customer => AskAsync(client, new Random(customer), stop.Token)));
        return 0;
    }

    private static async Task AskAsync(HttpClient client, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                (string method, string path) = Choose(random);
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                using HttpResponseMessage response = await client.SendAsync(request, stop);
                await Task.Delay(random.Next(10, 40), stop);
            }
            catch (HttpRequestException)
            {
                // The shop is not open yet, or was closed: look again a little later.
                await Task.Delay(500, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static (string Method, string Path) Choose(Random random)
    {
        int ticket = random.Next(100);
        foreach ((int share, string method, Func<int, string> path) in Mix)
        {
            ticket -= share;
            if (ticket < 0) return (method, path(random.Next(1, 100_000)));
        }

        throw new InvalidOperationException("The shares of the mix are 100 together.");
    }
}
