using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Observatory.Hosting;
using Observatory.Tests.Shared;

namespace Observatory.Collector.Tests;

/// <summary>The page in a real browser: what a person sees, and what it does when they click.</summary>
public sealed class BrowserTests : IAsyncDisposable
{
    /// <summary>Would say so in the title of the page if it ever ran, or came in as a mark-up of any kind.</summary>
    private const string Hostile = "</title></svg>\"'><script>document.title='pwned'</script><img src=x onerror=\"document.title='pwned'\">&amp;";

    private readonly string _folder = Directory.CreateTempSubdirectory("observatory-browser-page-").FullName;
    private readonly byte[] _events = new byte[3_000_000];
    private WebApplication? _server;
    private WebApplication? _perfetto;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        if (_perfetto is not null) await _perfetto.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(400, false)]
    [InlineData(400, true)]
    [InlineData(1000, false)]
    [InlineData(1000, true)]
    [InlineData(1600, false)]
    [InlineData(1600, true)]
    public async Task It_shows_what_runs_where_time_goes_and_every_trace(int width, bool dark)
    {
        Uri root = await ServeAsync();
        await using Browser browser = await Browser.StartAsync();
        BrowserPage page = await browser.OpenAsync(root, width, dark);
        await page.KeepAsync($"page-{width}-{(dark ? "dark" : "light")}");

        Assert.Contains("Runs now: linear [8, 512, 256]", await TextAsync(page, "#live"), StringComparison.Ordinal);
        // A bar is as wide as the whole, and its parts are as wide as their share.
        double[] parts = await NumbersAsync(page, "[...document.querySelector('td.bar svg').querySelectorAll('rect')].map(part => part.width.baseVal.value)");
        Assert.Equal([750, 250], parts);
        Assert.Equal("kernel", await TextAsync(page, "h2 + .wide td:nth-child(2)", last: true));
        Assert.True((await NamesAsync(page)).SequenceEqual(["fast", "slow"]));
        Assert.Equal(2, (int)(await page.AskAsync("document.querySelectorAll('.card .picture[aria-label^=\"CPUs\"]').length"))!);
        Assert.Equal(2, (int)(await page.AskAsync("document.querySelector('.picture').querySelectorAll('rect.target, rect.other').length"))!);

        Assert.Equal("CPU 0", await TextAsync(page, ".picture .lane"));

        // Nothing sticks out to the right, and what is written can be read.
        Assert.InRange((int)(await page.AskAsync("document.documentElement.scrollWidth"))!, 1, width);
        Assert.All(await NumbersAsync(page, Contrast), contrast => Assert.True(contrast >= 4.5, $"contrast {contrast}"));
        double brightness = (await NumbersAsync(page, "[getComputedStyle(document.body).backgroundColor].map(text => text.match(/\\d+/g).map(Number).reduce((a, b) => a + b) / 3)"))[0];
        Assert.True(dark ? brightness < 80 : brightness > 200, $"brightness {brightness}");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Traces_are_sorted_by_a_click_and_a_link_leads_to_one()
    {
        Uri root = await ServeAsync();
        await using Browser browser = await Browser.StartAsync();
        BrowserPage page = await browser.OpenAsync(root);
        await page.AskAsync("[...document.querySelectorAll('a.button')].find(link => link.textContent === 'Slowest first').click()");
        await page.UntilAsync("document.readyState === 'complete' && location.search === '?sort=slowest'");
        Assert.True((await NamesAsync(page)).SequenceEqual(["slow", "fast"]));

        await page.GoAsync(new Uri(root, $"?trace={TraceStoreTests.Id(1)}"));
        Assert.True((await NamesAsync(page)).SequenceEqual(["slow", "fast"]));
        Assert.Contains(TraceStoreTests.Id(1), await TextAsync(page, "h2"), StringComparison.Ordinal);
        await page.KeepAsync("one-trace");

        await page.GoAsync(new Uri(root, $"?trace={TraceStoreTests.Id(99)}"));
        Assert.Contains("It is not here. Either it could not be written", await TextAsync(page, "h2 + p"), StringComparison.Ordinal);
        Assert.Empty(browser.Complaints);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(1600)]
    public async Task Before_anything_has_come_it_says_what_it_waits_for(int width)
    {
        Uri root = await ServeAsync(isEmpty: true);
        await using Browser browser = await Browser.StartAsync();
        BrowserPage page = await browser.OpenAsync(root, width);
        await page.KeepAsync($"nothing-yet-{width}");
        Assert.Equal("Observatory: waiting for a target", await TextAsync(page, "h1"));
        Assert.Contains("No unit of work has ended yet.", await TextAsync(page, "#live"), StringComparison.Ordinal);
        Assert.StartsWith("None yet.", await TextAsync(page, "main > p", last: true), StringComparison.Ordinal);
        Assert.Equal(0, (int)(await page.AskAsync("document.querySelectorAll('.answer, .card, .accounts, .legend').length"))!);
        Assert.Empty(browser.Complaints);
    }

    [Theory]
    [InlineData(400, false)]
    [InlineData(1600, true)]
    public async Task What_is_missing_stands_out(int width, bool dark)
    {
        Uri root = await ServeAsync(losses: 2);
        await using Browser browser = await Browser.StartAsync();
        BrowserPage page = await browser.OpenAsync(root, width, dark);
        await page.KeepAsync($"losses-{width}");
        Assert.Equal("12", await TextAsync(page, ".sources .alert"));
        Assert.Equal("Events are missing in 2 stretches of the trace.", await TextAsync(page, ".card .alert"));
        Assert.Equal("The account is incomplete: records_lost", await TextAsync(page, ".card .alert", last: true));
        Assert.All(await NumbersAsync(page, Contrast), contrast => Assert.True(contrast >= 4.5, $"contrast {contrast}"));
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_trace_that_comes_later_is_told_and_moves_nothing()
    {
        Uri root = await ServeAsync();
        await using Browser browser = await Browser.StartAsync();
        BrowserPage page = await browser.OpenAsync(root);
        Assert.True((bool)(await page.AskAsync("document.getElementById('newer').hidden"))!);
        Keep(new TraceStore(_folder, new TraceRetention(), TimeProvider.System), 3, "newest", wall: 0.002, minutes: 2);
        await page.UntilAsync("document.getElementById('newer').textContent === 'Show 1 new'");
        Assert.True((await NamesAsync(page)).SequenceEqual(["fast", "slow"]));
        await page.AskAsync("document.getElementById('newer').click()");
        await page.UntilAsync("document.querySelectorAll('.card').length === 3");
        Assert.True((await NamesAsync(page)).SequenceEqual(["newest", "fast", "slow"]));
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_refusal_takes_the_place_of_nothing_and_is_not_handed_to_Perfetto()
    {
        Uri root = await ServeAsync();
        await using Browser browser = await Browser.StartAsync();
        BrowserPage page = await browser.OpenAsync(root);
        await page.AskAsync("window.asked = 0; window.fetch = async () => { window.asked++; return new Response('too many requests', { status: 429 }); }; 0");
        await page.UntilAsync("window.asked > 0");
        Assert.Contains("Runs now: linear [8, 512, 256]", await TextAsync(page, "#live"), StringComparison.Ordinal);
        Assert.DoesNotContain("null", await TextAsync(page, "main"), StringComparison.Ordinal);

        await page.AskAsync("window.open = () => ({ postMessage: () => window.handed = true, close: () => window.isClosed = true }); 0");
        await page.AskAsync("document.querySelector('button[data-action=perfetto]').click()");
        await page.UntilAsync("document.querySelector('button[data-action=perfetto]').textContent === 'too many requests'");
        Assert.True((bool)(await page.AskAsync("window.isClosed === true && window.handed === undefined"))!);
    }

    [Fact]
    public async Task Names_of_others_are_text_and_nothing_else()
    {
        Uri root = await ServeAsync(Hostile);
        await using Browser browser = await Browser.StartAsync();
        BrowserPage page = await browser.OpenAsync(root, width: 400);
        await page.KeepAsync("hostile");
        await page.GoAsync(new Uri(root, $"?trace={Uri.EscapeDataString("<script>document.title='pwned'</script>")}"));
        Assert.Equal("Observatory", (string)(await page.AskAsync("document.title"))!);
        await page.GoAsync(root);
        Assert.Equal("Observatory", (string)(await page.AskAsync("document.title"))!);
        Assert.Contains(Hostile, await TextAsync(page, ".card h3"), StringComparison.Ordinal);
        Assert.Equal(Hostile, (string)(await page.AskAsync("document.querySelector('button[data-action=perfetto]').dataset.title"))!);
        Assert.Equal(0, (int)(await page.AskAsync("document.querySelectorAll('img, script:not([src])').length"))!);
        Assert.InRange((int)(await page.AskAsync("document.documentElement.scrollWidth"))!, 1, 400);
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Open_in_Perfetto_hands_the_whole_trace_to_ui_perfetto_dev_and_to_no_other_page()
    {
        Uri root = await ServeAsync();
        var handed = new TaskCompletionSource<(string Origin, string Title, byte[] Buffer)>();
        int port = await ServePerfettoAsync(handed);
        await using Browser browser = await Browser.StartAsync(
            $"--host-resolver-rules=MAP ui.perfetto.dev:443 127.0.0.1:{port}", "--ignore-certificate-errors");
        BrowserPage page = await browser.OpenAsync(root);
        await page.AskAsync("document.querySelector('.card:last-child button[data-action=perfetto]').click()");
        (string origin, string title, byte[] buffer) = await handed.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        Assert.Equal(root.GetLeftPart(UriPartial.Authority), origin);
        Assert.Equal("slow", title);
        Assert.True(_events.AsSpan().SequenceEqual(buffer));
        Assert.Empty(browser.Complaints);
    }

    private const string Contrast = """
        (() => {
          const light = text => text.match(/[\d.]+/g).slice(0, 3).map(Number).map(value => value / 255)
            .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
            .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
          return [...document.querySelectorAll('h1, .soft, .alert, .card p, a, button')].map(element => {
            const card = element.closest('.card') ?? document.body;
            const [a, b] = [light(getComputedStyle(element).color), light(getComputedStyle(card).backgroundColor)].sort((a, b) => b - a);
            return (a + 0.05) / (b + 0.05);
          });
        })()
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<string> TextAsync(BrowserPage page, string selector, bool last = false) =>
        (string)(await page.AskAsync($"[...document.querySelectorAll('{selector}')].at({(last ? -1 : 0)}).textContent"))!;

    private static async Task<string[]> NamesAsync(BrowserPage page) =>
        [.. ((JsonArray)(await page.AskAsync("[...document.querySelectorAll('.card h3')].map(name => name.textContent)"))!).Select(name => (string)name!)];

    private static async Task<double[]> NumbersAsync(BrowserPage page, string expression) =>
        [.. ((JsonArray)(await page.AskAsync(expression))!).Select(number => (double)number!)];

    /// <summary>The page, with a slow trace and a fast one that came after it.</summary>
    private async Task<Uri> ServeAsync(string? name = null, int losses = 0, bool isEmpty = false)
    {
        new Random(1).NextBytes(_events);
        var store = new TraceStore(_folder, new TraceRetention(), TimeProvider.System);
        var rows = new AccountSummary(Samples.Kernel(Tiers.Kernel));
        SourceStatus kernel = Samples.Kernel(Tiers.Kernel);
        if (!isEmpty)
        {
            Keep(store, 1, name ?? "slow", wall: 0.0035, minutes: 0, losses);
            Keep(store, 2, name ?? "fast", wall: 0.0012, minutes: 1, losses);
            rows.IterationClosed(Samples.Configuration(0), Samples.Account(1, 0));
            rows.IterationClosed(Samples.Configuration(1), Samples.Account(2, 1));
            kernel.CountLost(losses * 6);
        }

        var state = new PageState(rows.Rows, _ => Samples.Why(), [kernel], store, () => null, () => isEmpty ? null : name ?? "sweep (42)");
        var endpoint = new IPEndPoint(IPAddress.Loopback, 0);
        var pages = new PageEndpoints(state, endpoint, token: null, TimeProvider.System);
        _server = MetricsServer.Build("observatory-collector", endpoint, _ => { }, _ => { }, health: null, pages.Map);
        Uri metrics = await MetricsServer.StartAsync(_server, endpoint);
        return new UriBuilder(metrics) { Host = "127.0.0.1", Path = "/" }.Uri;
    }

    private void Keep(TraceStore store, int number, string name, double wall, int minutes, int losses = 0) => store.Keep(TraceStoreTests.Id(number), stream =>
    {
        stream.Write(_events);
        TraceDocument trace = TraceStoreTests.Document(TraceStoreTests.Id(number), _events.Length, TimeProvider.System.GetUtcNow().AddMinutes(minutes - 2), name);
        return trace with { Losses = losses, Unit = trace.Unit! with { Wall = wall, Incomplete = losses > 0 ? ["records_lost"] : [] } };
    });

    /// <summary>A page that does what Perfetto's does with a trace that another page hands it, and tells what it got.</summary>
    private async Task<int> ServePerfettoAsync(TaskCompletionSource<(string Origin, string Title, byte[] Buffer)> handed)
    {
        const string Receiver = """
            <!doctype html><title>receiver</title><script>
            addEventListener('message', async message => {
              if (message.data === 'PING') { message.source.postMessage('PONG', message.origin); return; }
              const { buffer, title } = message.data.perfetto;
              await fetch('/handed?title=' + encodeURIComponent(title) + '&origin=' + encodeURIComponent(message.origin), { method: 'POST', body: buffer });
            });
            </script>
            """;
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=ui.perfetto.dev", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        _perfetto = builder.Build();
        _perfetto.Run(async context =>
        {
            if (context.Request.Path == "/handed")
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                handed.TrySetResult((context.Request.Query["origin"]!, context.Request.Query["title"]!, body.ToArray()));
                return;
            }

            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync(Receiver);
        });
        await _perfetto.StartAsync(Cancellation);
        return new Uri(_perfetto.Urls.Single()).Port;
    }
}
