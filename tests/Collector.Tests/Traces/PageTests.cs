using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Observatory.Hosting;
using Observatory.Recorder;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class PageTests : IAsyncDisposable
{
    private const string Hostile = "<script>alert(1)</script>\"'&";

    private readonly string _folder = Directory.CreateTempSubdirectory("observatory-page-").FullName;
    private readonly HttpClient _client = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });
    private WebApplication? _server;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_page_shows_traces_with_reason_account_and_preemptor_and_encodes_every_name()
    {
        Uri root = await ServeAsync(IPAddress.Loopback);
        Store().Keep(TraceStoreTests.Id(1), stream => Written(stream, Hostile));
        string page = await _client.GetStringAsync(new Uri(root, "/"), Cancellation);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.Contains("3.5 times the median", page, StringComparison.Ordinal);
        Assert.Contains("Preempted by: stress-ng-cpu 2.50 ms", page, StringComparison.Ordinal);
        Assert.Contains("""<rect class="preempted" """, page, StringComparison.Ordinal);
        Assert.Contains($"/traces/{TraceStoreTests.Id(1)}", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_begins_with_the_answer_and_what_to_do()
    {
        Uri root = await ServeAsync(IPAddress.Loopback);
        string page = await _client.GetStringAsync(new Uri(root, "/"), Cancellation);
        Assert.Contains("""<p class="answer">75% of wall time without a CPU: &lt;script&gt;""", page, StringComparison.Ordinal);
        Assert.Contains("or give it other CPUs (taskset, cpuset).", page, StringComparison.Ordinal);
        Assert.Contains("<td>linear [8, 512, 128]</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td>GET /&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.Contains("""<rect class="awaiting" """, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trace_is_served_whole_in_parts_and_as_json()
    {
        Uri root = await ServeAsync(IPAddress.Loopback);
        Store().Keep(TraceStoreTests.Id(1), stream => Written(stream, "linear"));
        Assert.Equal([1, 2, 3, 4], await _client.GetByteArrayAsync(new Uri(root, $"/traces/{TraceStoreTests.Id(1)}"), Cancellation));
        using var part = new HttpRequestMessage(HttpMethod.Get, new Uri(root, $"/traces/{TraceStoreTests.Id(1)}")) { Headers = { Range = new RangeHeaderValue(1, 2) } };
        using HttpResponseMessage answer = await _client.SendAsync(part, Cancellation);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal([2, 3], await answer.Content.ReadAsByteArrayAsync(Cancellation));
        string json = await _client.GetStringAsync(new Uri(root, $"/traces/{TraceStoreTests.Id(1)}.json"), Cancellation);
        Assert.Contains("\"preempted_by\":[{\"command\":\"stress-ng-cpu\"", json, StringComparison.Ordinal);
        Assert.StartsWith("[{\"id\":", await _client.GetStringAsync(new Uri(root, "/traces"), Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/traces/..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("/traces/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/traces/0000000000000000000000000000000z")]
    [InlineData("/traces/x.json")]
    public async Task A_path_that_is_no_id_finds_nothing(string path)
    {
        Uri root = await ServeAsync(IPAddress.Loopback);
        using HttpResponseMessage answer = await _client.GetAsync(new Uri(root.GetLeftPart(UriPartial.Authority) + path), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Host", "evil.example", HttpStatusCode.BadRequest)]
    public async Task A_foreign_page_cannot_capture(string header, string value, HttpStatusCode expected)
    {
        Uri root = await ServeAsync(IPAddress.Loopback);
        using var post = new HttpRequestMessage(HttpMethod.Post, new Uri(root, "/traces"));
        post.Headers.Add(header, value);
        using HttpResponseMessage answer = await _client.SendAsync(post, Cancellation);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Nothing_inline_and_nothing_from_elsewhere_may_run()
    {
        Uri root = await ServeAsync(IPAddress.Loopback);
        using HttpResponseMessage answer = await _client.GetAsync(root, Cancellation);
        Assert.Equal([PageAssets.Policy], answer.Headers.GetValues("Content-Security-Policy"));
        string page = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        using HttpResponseMessage style = await _client.GetAsync(new Uri(root, "/page.css"), Cancellation);
        Assert.Equal("text/css", style.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Elsewhere_than_on_loopback_only_those_who_know_the_token_see_it()
    {
        Uri root = await ServeAsync(IPAddress.Any, token: "secret");
        using HttpResponseMessage without = await _client.GetAsync(new Uri(root, "/traces"), Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        using HttpResponseMessage wrong = await _client.GetAsync(new Uri(root, "/traces?token=secreT"), Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        using HttpResponseMessage first = await _client.GetAsync(new Uri(root, "/?token=secret"), Cancellation);
        Assert.Equal(HttpStatusCode.Redirect, first.StatusCode);
        Assert.Contains("httponly", Assert.Single(first.Headers.GetValues("Set-Cookie")), StringComparison.OrdinalIgnoreCase);
        using var bearer = new HttpRequestMessage(HttpMethod.Get, new Uri(root, "/traces")) { Headers = { Authorization = new("Bearer", "secret") } };
        using HttpResponseMessage with = await _client.SendAsync(bearer, Cancellation);
        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
    }

    /// <summary>They name the processes of the machine, as a trace does.</summary>
    [Fact]
    public async Task Causes_are_told_to_those_who_may_see_the_page_and_the_command_says_what_it_lacks()
    {
        Uri root = await ServeAsync(IPAddress.Any, token: "secret");
        using HttpResponseMessage without = await _client.GetAsync(new Uri(root, WhyCommand.Path), Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        Assert.DoesNotContain("4711", await without.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);

        var endpoint = new IPEndPoint(IPAddress.Loopback, root.Port);
        UsageException refused = await Assert.ThrowsAsync<UsageException>(() => WhyCommand.AskAsync(endpoint, token: null, Cancellation));
        Assert.Contains($"requires a token: start it with {PageEndpoints.TokenVariable} set", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await WhyCommand.AskAsync(endpoint, "secret", Cancellation)).Units);
    }

    [Fact]
    public async Task Another_program_that_answers_is_no_collector()
    {
        var endpoint = new IPEndPoint(IPAddress.Loopback, 0);
        _server = MetricsServer.Build("another", endpoint, _ => { }, _ => { }, health: null, routes => routes.MapGet(WhyCommand.Path, () => "{}"));
        Uri metrics = await MetricsServer.StartAsync(_server, endpoint);
        endpoint.Port = metrics.Port;
        UsageException refused = await Assert.ThrowsAsync<UsageException>(() => WhyCommand.AskAsync(endpoint, token: null, Cancellation));
        Assert.StartsWith("No collector answers on ", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bytes=4-", HttpStatusCode.RequestedRangeNotSatisfiable, 0)]
    [InlineData("bytes=2-999999999999", HttpStatusCode.PartialContent, 2)]
    [InlineData("bytes=-3", HttpStatusCode.PartialContent, 3)]
    [InlineData("bytes=9999999999999999999999-", HttpStatusCode.OK, 4)]
    [InlineData("bytes=3-1", HttpStatusCode.OK, 4)]
    public async Task A_range_that_makes_no_sense_is_the_whole_or_is_refused(string range, HttpStatusCode expected, int length)
    {
        Uri root = await ServeAsync(IPAddress.Loopback);
        Store().Keep(TraceStoreTests.Id(1), stream => Written(stream, "linear"));
        using var part = new HttpRequestMessage(HttpMethod.Get, new Uri(root, $"/traces/{TraceStoreTests.Id(1)}"));
        part.Headers.TryAddWithoutValidation("Range", range);
        using HttpResponseMessage answer = await _client.SendAsync(part, Cancellation);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(length, (await answer.Content.ReadAsByteArrayAsync(Cancellation)).Length);
    }

    [Theory]
    [InlineData("DELETE", "/traces/00000000000000000000000000000001")]
    [InlineData("PUT", "/traces")]
    [InlineData("POST", "/")]
    public async Task Nothing_else_can_be_done_to_a_trace(string method, string path)
    {
        Uri root = await ServeAsync(IPAddress.Loopback);
        Store().Keep(TraceStoreTests.Id(1), stream => Written(stream, "linear"));
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(root, path));
        using HttpResponseMessage answer = await _client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(2, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public async Task Captures_are_asked_for_once_in_five_seconds_and_without_a_body()
    {
        Uri root = await ServeAsync(IPAddress.Loopback, recorder: new TraceRecorder(
            new TraceWriter(new TraceContext(1, new ThreadNames(), new ConfigurationRegistry(), Requests: null, new SourceStatuses()), Store(), new NoteRing(), _ => { }),
            triggers: null, new RingLimits()));
        using HttpResponseMessage large = await _client.PostAsync(new Uri(root, "/traces"), new ByteArrayContent(new byte[1_000]), Cancellation);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        using HttpResponseMessage first = await _client.PostAsync(new Uri(root, "/traces"), null, Cancellation);
        Assert.Equal(HttpStatusCode.Conflict, first.StatusCode);
        using HttpResponseMessage second = await _client.PostAsync(new Uri(root, "/traces"), null, Cancellation);
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), second.Headers.RetryAfter?.Delta);
    }

    [Theory]
    [InlineData("/?sort=%00&sort=<script>alert(1)</script>")]
    [InlineData("/?trace=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")]
    [InlineData("/?trace=%0d%0aSet-Cookie:%20x=y")]
    [InlineData("/?trace=%ff%fe&trace=2&sort")]
    [InlineData("/?token=%F0%9F%98%80&trace=..%2f..%2fetc%2fpasswd")]
    public async Task What_a_query_says_is_text_at_most(string query)
    {
        Uri root = await ServeAsync(IPAddress.Loopback);
        using HttpResponseMessage answer = await _client.GetAsync(new Uri(root.GetLeftPart(UriPartial.Authority) + query), Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        string page = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("root:", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Elsewhere_a_capture_needs_the_token_in_a_header_and_a_redirect_stays_here()
    {
        Uri root = await ServeAsync(IPAddress.Any, token: "secret");
        using HttpResponseMessage inAddress = await _client.PostAsync(new Uri(root, "/traces?token=secret"), null, Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, inAddress.StatusCode);
        using HttpResponseMessage away = await _client.GetAsync(new Uri(root, "/?token=secret&trace=%2F%2Fevil.example%0d%0aX:%20y"), Cancellation);
        Assert.Equal(HttpStatusCode.Redirect, away.StatusCode);
        Assert.Equal("/?trace=%2F%2Fevil.example%0D%0AX%3A%20y", away.Headers.Location?.OriginalString);
        string cookie = Assert.Single(away.Headers.GetValues("Set-Cookie"));
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        using var known = new HttpRequestMessage(HttpMethod.Get, new Uri(root, "/traces")) { Headers = { { "Cookie", cookie.Split(';')[0] } } };
        using HttpResponseMessage answer = await _client.SendAsync(known, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Elsewhere_without_a_token_it_is_not_shown_and_says_why()
    {
        Uri root = await ServeAsync(IPAddress.Any);
        using HttpResponseMessage answer = await _client.GetAsync(root, Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains(PageEndpoints.TokenVariable, await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_is_refused()
    {
        Uri root = await ServeAsync(IPAddress.Loopback);
        List<HttpResponseMessage> answers = [];
        for (int i = 0; i < 50; i++) answers.Add(await _client.GetAsync(new Uri(root, "/page.css"), Cancellation));
        Assert.Equal(HttpStatusCode.OK, answers[0].StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1].StatusCode);
        foreach (HttpResponseMessage answer in answers) answer.Dispose();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private TraceStore Store() => new(_folder, new TraceRetention(), TimeProvider.System);

    private static TraceDocument Written(Stream stream, string name)
    {
        stream.Write([1, 2, 3, 4]);
        return TraceStoreTests.Document(TraceStoreTests.Id(1), 4, TimeProvider.System.GetUtcNow(), name);
    }

    private async Task<Uri> ServeAsync(IPAddress address, string? token = null, TraceRecorder? recorder = null)
    {
        var endpoint = new IPEndPoint(address, 0);
        var rows = new AccountSummary(Samples.Kernel(Tiers.Kernel));
        rows.IterationClosed(Samples.Configuration(0), Samples.Account(1, 0));
        rows.RequestClosed(new RequestName(1, $"GET /{Hostile}"), Samples.Account(1, 0, other: AccountState.Awaiting));
        var state = new PageState(rows.Rows, _ => Samples.Why(Hostile), [Samples.Kernel(Tiers.Kernel)], Store(), () => recorder, () => Hostile);
        // The rate is counted by a clock that stands still, so that a slow machine does not spread a flood over seconds.
        var pages = new PageEndpoints(state, endpoint, token, new StoppedClock());
        _server = MetricsServer.Build("observatory-collector", endpoint, _ => { }, _ => { }, health: null, pages.Map);
        Uri metrics = await MetricsServer.StartAsync(_server, endpoint);
        return new UriBuilder(metrics) { Host = "127.0.0.1", Path = "/" }.Uri;
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}
