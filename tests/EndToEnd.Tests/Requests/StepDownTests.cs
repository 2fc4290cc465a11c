namespace Observatory.EndToEnd.Tests;

/// <summary>More events of requests than were allowed: the level steps down by itself, and what accounts lack from then on is said.</summary>
public sealed class StepDownTests
{
    private const string Level = "observatory_units_level";
    private readonly ITestOutputHelper _log = TestContext.Current.TestOutputHelper!;

    [Fact]
    public async Task A_flood_of_work_steps_down_to_the_length_of_requests()
    {
        await using ObservedWeb web = await ObservedWeb.StartAsync("--units", "queue", "--units-limit", "200");
        Exposition before = await web.ScrapeAsync();
        Assert.Equal(1, before.Sum(Level, "level=queue"));
        Assert.Equal(0, before.Sum("observatory_units_steps_total", ""));

        // Each of its requests is queued and taken twenty times.
        await using (web.BeginLoad("--seconds", "600", "--at-once", "8", "/yield/20"))
            await Eventually.TrueAsync("the lowest level", async () => (await web.ScrapeAsync()).Sum(Level, "level=starts") == 1);

        // The level is known a moment before the session that it is observed with is.
        await Eventually.TrueAsync("a request that is seen again", async () =>
        {
            await web.LoadAsync("--requests", "1", "--at-once", "1", "/spin/100");
            return (await web.ScrapeAsync()).Sum("observatory_units_total", "unit=GET /spin/{}") > 0;
        });
        await web.LoadAsync("--requests", "50", "--at-once", "4", "/await/1");
        Exposition after = await web.ScrapeAsync();
        WebRun run = await web.EndAsync();

        _log.WriteLine(run.Said);
        Assert.Equal(2, after.Sum("observatory_units_steps_total", "reason=rate"));
        Assert.Equal("starts", run.Json["unit_source"]!["level"]!.GetValue<string>());
        Assert.Equal("queue", run.Json["unit_source"]!["asked_level"]!.GetValue<string>());
        string[] said = [.. run.Said.Split('\n').Where(line => line.Contains(" instead of ", StringComparison.Ordinal))];
        Assert.Collection(
            said,
            line => Assert.Contains("level segments instead of queue: ", line, StringComparison.Ordinal),
            line => Assert.Contains("level starts instead of segments: ", line, StringComparison.Ordinal));

        // Every one of them has its length, and says that nothing else is known.
        RequestLine[] lengths = [.. run.Requests.Where(request => request.Name == "GET /await/{}")];
        Assert.Equal(50, lengths.Length);
        Assert.All(lengths, request => Assert.Contains("no_segments", request.Because, StringComparison.Ordinal));
        Assert.All(lengths, request => Assert.Equal(request.Wall, request.States["unknown"] + request.States["gc"]));
        Assert.All(run.Requests, request => Assert.Equal(request.Wall, request.States.Values.Sum()));
        // What was open when the level changed is not complete either; before it, requests were.
        run.NeedsKernelTier();
        Assert.Contains(run.Requests, request => request is { Name: "GET /yield/{}", IsComplete: true });
        Assert.Contains(run.Requests, request => request.Name == "GET /yield/{}" && request.Because.Contains("not_joined", StringComparison.Ordinal));
    }
}
