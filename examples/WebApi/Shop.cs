namespace Observatory.WebApi;

/// <summary>A shop with four endpoints that are fine, and two that make others slow.</summary>
internal static class Shop
{
    private const string Default = "http://127.0.0.1:8080";
    private static readonly HttpClient Client = new();
    private static readonly Lock CatalogLock = new();
    private static long[] s_catalog = [.. Enumerable.Range(0, 1000)];

    private static string Address => Environment.GetEnvironmentVariable("WEBAPI_LISTEN") ?? Default;

    // From inside a container as well, where the address to serve on is every interface.
    private static Uri Self => new($"http://127.0.0.1:{new Uri(Address.Replace("*", "127.0.0.1", StringComparison.Ordinal)).Port}");

    public static async Task<int> ServeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls(Address);
        await using WebApplication shop = builder.Build();

        shop.MapGet("/health", () => "well");
        // Waits for a database, which is a timer here.
        shop.MapGet("/orders/{id:int}", async (int id) =>
        {
            await Task.Delay(3);
            return new Order(id, id * 7 % 100);
        });
        // Computes.
        shop.MapGet("/reports/{year:int}", (int year) => Compute(year, rounds: 400_000));
        // Asks another service, which is this one.
        shop.MapGet("/quotes/{id:int}", async (int id) => await Client.GetStringAsync(new Uri(Self, $"/orders/{id}")));
        // A short look, under a lock.
        shop.MapGet("/catalog", () =>
        {
            lock (CatalogLock) return s_catalog[^1];
        });
        // Mistake: rebuilds the catalogue while it holds the lock that every reader needs.
        shop.MapPost("/catalog/refresh", () =>
        {
            lock (CatalogLock)
            {
                s_catalog = [.. Enumerable.Range(0, 1000).Select(item => Compute(item, rounds: 1000))];
                return s_catalog.Length;
            }
        });
        // Mistake: a thread of the pool waits for what another thread of the pool has to finish.
        shop.MapGet("/rates/{currency}", (string currency) => RateAsync(currency).GetAwaiter().GetResult());

        await shop.RunAsync();
        return 0;
    }

    /// <summary>True when the shop of this machine answers.</summary>
    public static async Task<bool> IsWellAsync()
    {
        try
        {
            return await Client.GetStringAsync(new Uri(Self, "/health")) == "well";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<int> RateAsync(string currency)
    {
        await Task.Delay(50);
        return currency.Length;
    }

    private static long Compute(long seed, int rounds)
    {
        long value = seed;
        for (int i = 0; i < rounds; i++) value = (value * 6364136223846793005) + 1442695040888963407;
        return value;
    }
}

/// <summary>What a customer ordered.</summary>
internal sealed record Order(int Id, int Items);
