using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace Observatory.Collector;

/// <summary>The page, the causes and the traces over HTTP.</summary>
/// <remarks>
/// On loopback every user of this machine may look. On any other address a token is needed, because thread and process
/// names of the whole machine are in the causes and in a trace. A trace is asked for by its id alone; no path comes from a request.
/// </remarks>
internal sealed class PageEndpoints
{
    /// <summary>The variable that holds the token.</summary>
    public const string TokenVariable = "OBSERVATORY_TOKEN";

    private const string Cookie = "observatory-token";
    private const int MostRequestsASecond = 30;
    private static readonly TimeSpan BetweenCaptures = TimeSpan.FromSeconds(5);

    private readonly PageState _state;
    private readonly TimeProvider _time;
    private readonly byte[]? _token;
    private readonly bool _isOpen;
    private readonly Lock _entry = new();
    private (long Second, int Requests) _rate;
    private DateTimeOffset _captured = DateTimeOffset.MinValue;

    /// <param name="state">What to show.</param>
    /// <param name="endpoint">Where it is served.</param>
    /// <param name="token">The token that is asked for elsewhere than on loopback; null when none was set.</param>
    /// <param name="time">The clock that rates are counted by.</param>
    public PageEndpoints(PageState state, IPEndPoint endpoint, string? token, TimeProvider time)
    {
        (_state, _time) = (state, time);
        _isOpen = IPAddress.IsLoopback(endpoint.Address);
        _token = string.IsNullOrEmpty(token) ? null : Encoding.UTF8.GetBytes(token);
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("");
        group.AddEndpointFilter(async (context, next) => Refuse(context.HttpContext) ?? await next(context).ConfigureAwait(false));
        group.MapGet("/", (string? sort, string? trace) => Results.Text(StatusPage.Write(_state, sort == "slowest", trace), "text/html; charset=utf-8"));
        group.MapGet(WhyCommand.Path, () => Results.Text(WhyCommand.ToJson(_state.Why(true)), "application/json"));
        group.MapGet("/page.css", () => Results.Text(PageAssets.Style, "text/css; charset=utf-8"));
        group.MapGet("/page.js", () => Results.Text(PageAssets.Script, "text/javascript; charset=utf-8"));
        group.MapGet("/traces", () => Results.Bytes(TraceJson.Write(_state.Traces?.List() ?? []), "application/json"));
        group.MapGet("/traces/{id}.json", (string id) =>
            _state.Traces?.Find(id) is { } trace ? Results.Bytes(TraceJson.Write(trace), "application/json") : NoTrace());
        group.MapGet("/traces/{id}", (string id) => _state.Traces?.Open(id) is { } events
            ? Results.Stream(events, "application/octet-stream", $"{id}.pftrace", enableRangeProcessing: true)
            : NoTrace());
        group.MapPost("/traces", (Delegate)CaptureAsync);
    }

    private async Task<IResult> CaptureAsync(HttpContext context)
    {
        // A page of the web may send a form here, though it cannot read the answer.
        string origin = context.Request.Headers.Origin.ToString();
        bool isForeign = origin.Length > 0 && origin != $"{context.Request.Scheme}://{context.Request.Host}";
        if (isForeign || context.Request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site && site != "same-origin" && site != "none")
            return Says(StatusCodes.Status403Forbidden, "only from this page");
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true) return Says(StatusCodes.Status413PayloadTooLarge, "no body is expected");
        if (_state.Traces is null) return Says(StatusCodes.Status409Conflict, "no traces are kept (--traces)");
        if (_state.Recorder() is not { } recorder) return Says(StatusCodes.Status409Conflict, "there is no target yet");
        lock (_entry)
        {
            if (_time.GetUtcNow() - _captured < BetweenCaptures) return TooMany(context, BetweenCaptures);
            _captured = _time.GetUtcNow();
        }

        TraceDocument? trace = await recorder.RequestAsync(TraceTrigger.Request, "asked for by POST /traces").WaitAsync(context.RequestAborted).ConfigureAwait(false);
        return trace is null
            ? Says(StatusCodes.Status409Conflict, "another trace is being written, or this one could not be")
            : Results.Created($"/traces/{trace.Id}", new { trace.Id });
    }

    private IResult? Refuse(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = PageAssets.Policy;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.Headers.CacheControl = "no-store";
        lock (_entry)
        {
            long second = _time.GetUtcNow().ToUnixTimeSeconds();
            _rate = (second, _rate.Second == second ? _rate.Requests + 1 : 1);
            if (_rate.Requests > MostRequestsASecond) return TooMany(context, TimeSpan.FromSeconds(1));
        }

        if (_isOpen) return null;
        if (_token is null)
            return Says(StatusCodes.Status403Forbidden, $"The page is shown on loopback only; set {TokenVariable} to show it here to those who know it.");
        if (IsToken(context.Request.Cookies[Cookie]) || IsToken(Bearer(context))) return null;
        if (context.Request.Method != HttpMethods.Get || !IsToken(context.Request.Query["token"])) return Says(StatusCodes.Status401Unauthorized, "Add ?token= once, or send it as Authorization: Bearer.");
        context.Response.Cookies.Append(Cookie, context.Request.Query["token"]!, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict });
        // A link to one trace still leads there; the token does not stay in the address.
        string? trace = context.Request.Query["trace"];
        return Results.Redirect(trace is null ? "/" : $"/?trace={Uri.EscapeDataString(trace)}");
    }

    private bool IsToken(string? given) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), _token);

    private static string? Bearer(HttpContext context)
    {
        const string scheme = "Bearer ";
        string header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(scheme, StringComparison.Ordinal) ? header[scheme.Length..] : null;
    }

    private static IResult NoTrace() => Says(StatusCodes.Status404NotFound, "no such trace");

    private static IResult TooMany(HttpContext context, TimeSpan wait)
    {
        context.Response.Headers.RetryAfter = ((int)wait.TotalSeconds).ToString(null as IFormatProvider);
        return Says(StatusCodes.Status429TooManyRequests, "too many requests");
    }

    private static IResult Says(int status, string text) => Results.Text(text + "\n", "text/plain; charset=utf-8", Encoding.UTF8, status);
}
