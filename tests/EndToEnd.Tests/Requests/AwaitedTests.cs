using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>What a request awaits: a call of another service is told from a timer, without a change of the program.</summary>
public sealed class AwaitedTests
{
    private const string AwaitedFor = "observatory_unit_awaited_for_seconds_total";
    private const int Requests = 20;

    [Fact]
    public async Task A_slow_dependency_is_an_outgoing_call_and_a_delay_is_not()
    {
        await using ObservedWeb web = await ObservedWeb.StartAsync();
        await web.LoadAsync("--requests", $"{2 * Requests}", "--at-once", "4", "/slow/30", "/await/30");
        Exposition metrics = await Eventually.GetAsync("all requests", web.ScrapeAsync, scraped => scraped.Sum("observatory_units_total", "unit=GET /slow/{}") >= Requests
            && scraped.Sum("observatory_units_total", "unit=GET /await/{}") >= Requests);
        WebRun run = await web.EndAsync();

        // Of the 30 ms of each a thread that lost its CPU may have seen some before it came to wait; most of them are awaited.
        const double Most = Requests * 0.015;
        Assert.InRange(Awaited(run, "GET /slow/{}", "http"), Most, double.MaxValue);
        Assert.InRange(Awaited(run, "GET /await/{}", "other"), Most, double.MaxValue);
        Assert.Equal(0, Awaited(run, "GET /await/{}", "http"));
        // The dependency is an endpoint of the same program, and waits for a timer.
        Assert.InRange(Awaited(run, "GET /dependency/{}", "other"), Most, double.MaxValue);
        Assert.Equal(0, Awaited(run, "GET /dependency/{}", "http"));
        Assert.True(Awaited(run, "GET /slow/{}", "http") > Awaited(run, "GET /slow/{}", "other"));

        Assert.All(run.Requests, request => Assert.Equal(request.States["awaiting"], request.Awaited.Values.Sum()));
        Assert.All(run.Requests.Where(request => request.IsComplete), request => Assert.Equal(0, request.Awaited["unknown"]));
        Assert.Equal(Awaited(run, "GET /slow/{}", "http"), metrics.Sum(AwaitedFor, "unit=GET /slow/{},by=http")!.Value, 6);
        Assert.Equal(0, metrics.Sum(AwaitedFor, "unit=GET /await/{},by=http"));
        // It is among the causes, by name.
        JsonNode cause = run.Json["why"]!["causes"]!.AsArray().Single(line => line!["cause"]!.GetValue<string>() == "awaiting" && line["by"]?.GetValue<string>() == "http")!;
        Assert.Contains("outgoing HTTP calls", cause["sentence"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static double Awaited(WebRun run, string name, string kind) => run.Unit(name)["awaited_for_seconds"]![kind]!.GetValue<double>();
}
