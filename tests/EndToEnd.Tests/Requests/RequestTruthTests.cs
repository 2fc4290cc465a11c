using System.Text.RegularExpressions;

namespace Observatory.EndToEnd.Tests;

/// <summary>
/// The accounts of requests, 64 at once, against the books that each request keeps from inside. An account is of the server's
/// whole request, the books of the program's part of it: the account has the beginning and the end of the server's work as well.
/// </summary>
public sealed partial class RequestTruthTests
{
    private readonly ITestOutputHelper _log = TestContext.Current.TestOutputHelper!;

    /// <summary>Ways to spend time in which all work is done before the answer is.</summary>
    private static readonly string[] Honest =
    [
        "/spin/500", "/await/2", "/yield/5", "/parallel/6", "/hold/1", "/wait", "/slow/3", "/throw", "/caught/3", "/abort", "ws:/ws", "cancel:/await/100",
        // What is left behind goes on in the name of requests that have ended.
        "/forget/20", "/timer/5",
    ];

    [Fact]
    public async Task Of_64_requests_at_once_each_has_its_own_time()
    {
        await using ObservedWeb web = await ObservedWeb.StartAsync();
        await web.LoadAsync(["--requests", "1400", "--at-once", "64", .. Honest]);
        WebRun run = await web.EndAsync();
        run.NeedsKernelTier();

        AssertPaired(run);
        AssertClosed(run);
        AssertCpu(run);
    }

    /// <summary>Many requests of one connection are open together: what tells them apart is the id of each one's activity alone.</summary>
    [Fact]
    public async Task Of_64_requests_of_http2_at_once_each_has_its_own_time()
    {
        await using ObservedWeb web = await ObservedWeb.StartAsync();
        await web.LoadHttp2Async("--requests", "600", "--at-once", "64", "/spin/300", "/await/2", "/yield/3", "post:/greet.v1.Greeter/SayHello");
        WebRun run = await web.EndAsync();
        run.NeedsKernelTier();

        AssertPaired(run);
        AssertClosed(run);
        AssertCpu(run);
        // A call of gRPC is a POST to the method's full name.
        Assert.Equal(150, run.Unit("POST /greet.v1.Greeter/SayHello")["count"]!.GetValue<long>());
    }

    /// <summary>The same from the runtimes before: .NET 8 and .NET 9.</summary>
    [Theory]
    [InlineData("net8.0")]
    [InlineData("net9.0")]
    public async Task On_older_runtimes_each_request_has_its_own_time_too(string framework)
    {
        await using ObservedWeb web = await ObservedWeb.StartOnAsync(Built.OlderWebTarget(framework));
        await web.LoadAsync("--requests", "300", "--at-once", "64", "/spin/300", "/await/2", "/yield/3", "/parallel/3", "/wait", "/slow/2");
        await web.LoadHttp2Async("--requests", "300", "--at-once", "64", "/spin/300", "/await/2", "/yield/3");
        WebRun run = await web.EndAsync();
        run.NeedsKernelTier();

        AssertPaired(run);
        AssertClosed(run);
        AssertCpu(run);
        Assert.True(AwaitedBy(run, "GET /slow/{}", "http") > AwaitedBy(run, "GET /slow/{}", "other"), "most of what a caller awaits is the call");
        Assert.Equal(0, AwaitedBy(run, "GET /await/{}", "http"));
    }

    /// <summary>What a request's thread does while it collects for the whole program is gc, and no CPU time of the request's.</summary>
    [Fact]
    public async Task A_collection_that_a_request_makes_is_gc()
    {
        await using ObservedWeb web = await ObservedWeb.StartAsync();
        await web.LoadAsync("--requests", "40", "--at-once", "1", "/collect");
        WebRun run = await web.EndAsync();
        run.NeedsKernelTier();

        (RequestTruth Truth, RequestLine Account)[] pairs = [.. run.Pairs.Where(pair => pair.Account is { IsComplete: true, Name: "GET /collect" })];
        _log.WriteLine($"{pairs.Length}: books {pairs.Sum(pair => pair.Truth.Cpu) / 1e6:F1} ms, accounts {pairs.Sum(pair => pair.Account.Cpu) / 1e6:F1} ms and {pairs.Sum(pair => pair.Account.States["gc"]) / 1e6:F1} ms of gc");
        Assert.InRange(pairs.Length, 36, 40);
        Assert.All(pairs, pair => Assert.True(pair.Account.States["gc"] > 0, $"no collection in {pair.Account}"));
        double truth = pairs.Sum(pair => pair.Truth.Cpu);
        Assert.True(pairs.Sum(pair => Math.Min(pair.Truth.Cpu, CpuAndCollections(pair.Account))) >= 0.99 * truth, "some of the CPU time is in neither");
        Assert.True(pairs.Sum(pair => Math.Min(pair.Truth.Cpu, pair.Account.Cpu)) < 0.9 * truth, "the collections are CPU time of the requests'");
    }

    private static long AwaitedBy(WebRun run, string name, string kind) => run.Requests.Where(request => request.Name == name).Sum(request => request.Awaited[kind]);

    /// <summary>Of 1000 requests 999 and more have an account, under their name, and for each of the others there is a reason.</summary>
    private void AssertPaired(WebRun run)
    {
        int all = run.After.Count();
        RequestTruth[] missing = [.. run.After.Except(run.Pairs.Select(pair => pair.Truth))];
        _log.WriteLine($"{all} requests, {missing.Length} without an account; {string.Join(", ", run.Problems.Select(problem => $"{problem.Key} {problem.Value}"))}");
        Assert.True(missing.Length <= all / 1000, $"no account: {string.Join(", ", missing.Take(20))}");
        Assert.True(missing.Length <= run.Problems.Values.Sum(), $"{missing.Length} are missing, and the reasons are {run.Json["unit_source"]!.ToJsonString()}");
        Assert.All(run.Pairs, pair => Assert.Equal(Numbers().Replace(pair.Truth.Name, "/{}"), pair.Account.Name));
        Assert.All(run.Pairs, pair => Assert.InRange(pair.Truth.Ended, pair.Truth.Began, pair.Account.Ended));
    }

    /// <summary>The states add up to the length in every account; of those that say that nothing is missing, hardly anything is.</summary>
    private void AssertClosed(WebRun run)
    {
        Assert.All(run.Requests, request => Assert.Equal(request.Wall, request.States.Values.Sum()));
        Assert.All(run.Requests, request => Assert.Equal(request.States["awaiting"], request.Awaited.Values.Sum()));
        RequestLine[] complete = [.. run.Requests.Where(request => request.IsComplete)];
        double unknown = complete.Sum(request => request.States["unknown"]) / (double)complete.Sum(request => request.Wall);
        string because = string.Join(", ", run.Requests.Where(request => !request.IsComplete).CountBy(request => request.Because).Select(pair => $"{pair.Key} {pair.Value}"));
        _log.WriteLine($"{complete.Length} of {run.Requests.Count} complete ({because}), {unknown:P3} of their time unknown");
        Assert.InRange(unknown, 0, 0.01);
        Assert.InRange(complete.Length, run.Requests.Count * 9 / 10, run.Requests.Count);
    }

    /// <summary>
    /// 99 % of the CPU time that requests count themselves is in their own account; and no account has much more. A request whose allocation makes
    /// the runtime collect does so on its own thread: its books call that CPU time, its account gc.
    /// </summary>
    private void AssertCpu(WebRun run)
    {
        (RequestTruth Truth, RequestLine Account)[] pairs = [.. run.Pairs.Where(pair => pair.Account.IsComplete && pair.Truth.Ended > 0)];
        double truth = pairs.Sum(pair => pair.Truth.Cpu);
        double right = pairs.Sum(pair => Math.Min(pair.Truth.Cpu, CpuAndCollections(pair.Account)));
        double beyond = pairs.Sum(pair => Math.Max(0, pair.Account.Cpu - pair.Truth.Cpu));
        double collected = pairs.Sum(pair => Math.Clamp(pair.Truth.Cpu - pair.Account.Cpu, 0, pair.Account.States["gc"]));
        _log.WriteLine($"{pairs.Length} pairs: CPU time by their own books {truth / 1e6:F1} ms, {right / truth:P2} of it in the right account, {collected / 1e6:F1} ms as gc; "
            + $"beyond it {beyond / 1e6:F1} ms, {beyond / pairs.Length / 1e3:F0} us each; stolen {run.Stolen / 1e6:F0} ms");
        foreach (var name in pairs.GroupBy(pair => pair.Account.Name))
        {
            _log.WriteLine($"  {name.Key}: {name.Count()}, books {name.Average(pair => pair.Truth.Cpu) / 1e3:F0} us, "
                + $"short by {name.Average(pair => Math.Max(0, pair.Truth.Cpu - CpuAndCollections(pair.Account))) / 1e3:F1} us, beyond {name.Average(pair => Math.Max(0, pair.Account.Cpu - pair.Truth.Cpu)) / 1e3:F1} us");
        }

        Assert.True(right / truth >= 0.99, $"{right / truth:P2} of the CPU time is in the right account");
    }

    private static long CpuAndCollections(RequestLine account) => account.Cpu + account.States["gc"];

    [GeneratedRegex("/[0-9]+")]
    private static partial Regex Numbers();
}
