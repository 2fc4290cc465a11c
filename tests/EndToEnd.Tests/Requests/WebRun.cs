using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>A finished observation of WebTarget: the collector's results, and the requests' own books.</summary>
/// <param name="Json">What the collector printed.</param>
/// <param name="Requests">The account of every request.</param>
/// <param name="Truths">What every request says of itself.</param>
/// <param name="Stolen">Nanoseconds that the hypervisor took meanwhile, from all CPUs.</param>
/// <param name="Said">What the collector said on standard error.</param>
internal sealed record WebRun(
    JsonNode Json, IReadOnlyList<RequestLine> Requests, IReadOnlyList<RequestTruth> Truths, long Stolen, string Said)
{
    /// <summary>The account of each request whose account there is.</summary>
    /// <remarks>
    /// Both sides know the thread that began the request. Between the server's own start and the request's first
    /// instruction that thread does nothing else, so the account is the last that began there before.
    /// </remarks>
    public IReadOnlyList<(RequestTruth Truth, RequestLine Account)> Pairs { get; } = Pair(Requests, Truths);

    /// <summary>Requests that began when the collector saw everything: after the first that it saw.</summary>
    public IEnumerable<RequestTruth> After { get; } = Requests.Count == 0 ? [] : ReallyAfter(Requests.Min(request => request.Began), Truths);

    /// <summary>What has no account, by reason.</summary>
    public IReadOnlyDictionary<string, long> Problems =>
        Json["unit_source"]!["problems"]!.AsObject().ToDictionary(reason => reason.Key, reason => reason.Value!.GetValue<long>());

    /// <summary>The row of a name.</summary>
    public JsonNode Unit(string name) =>
        Json["units"]!.AsArray().SingleOrDefault(unit => unit!["name"]!.GetValue<string>() == name)
        ?? throw new InvalidOperationException($"No unit is called {name}: {Json["units"]!.ToJsonString()}");

    /// <summary>Skips the test where the kernel does not let us see its scheduler.</summary>
    public void NeedsKernelTier() => Assert.SkipUnless(
        Json["sources"]!.AsArray().Any(source => source!["tier"]!.GetValue<string>() == "kernel"),
        $"Needs the kernel tier (root, or CAP_PERFMON and the tracepoint id): {Said}");

    private static IEnumerable<RequestTruth> ReallyAfter(long first, IReadOnlyList<RequestTruth> truths) =>
        [.. truths.Where(truth => truth.Began >= first && truth.Ended > 0)];

    private static List<(RequestTruth, RequestLine)> Pair(IReadOnlyList<RequestLine> requests, IReadOnlyList<RequestTruth> truths)
    {
        Dictionary<long, RequestLine[]> byThread = requests
            .GroupBy(request => request.Thread)
            .ToDictionary(thread => thread.Key, thread => thread.OrderBy(request => request.Began).ToArray());
        var pairs = new List<(RequestTruth, RequestLine)>();
        foreach (IGrouping<long, RequestTruth> thread in truths.GroupBy(truth => truth.Thread))
        {
            RequestLine[] accounts = byThread.GetValueOrDefault(thread.Key, []);
            int next = 0;
            long before = 0;
            foreach (RequestTruth truth in thread.OrderBy(truth => truth.Began))
            {
                RequestLine? last = null;
                while (next < accounts.Length && accounts[next].Began <= truth.Began) last = accounts[next++];
                if (last is not null && last.Began > before && last.Ended >= truth.Began) pairs.Add((truth, last));
                before = truth.Began;
            }
        }

        return pairs;
    }
}

/// <summary>A request's line of the file that --accounts writes.</summary>
internal sealed record RequestLine(
    string Name, long Thread, long Began, long Ended, bool IsComplete, string Because, IReadOnlyDictionary<string, long> States, long Cpu)
{
    /// <summary>The parts of awaiting; none where no thread was seen to work on the request.</summary>
    public IReadOnlyDictionary<string, long> Awaited { get; private init; } = new Dictionary<string, long>();

    public long Wall => Ended - Began;

    public static RequestLine Parse(string line)
    {
        JsonNode json = JsonNode.Parse(line)!;
        Assert.Equal("request", json["kind"]?.GetValue<string>());
        Assert.True(json.AsObject().ContainsKey("awaited_for_ns"));
        return new RequestLine(
            json["unit"]!.GetValue<string>(),
            json["thread"]!.GetValue<long>(),
            json["began_ns"]!.GetValue<long>(),
            json["ended_ns"]!.GetValue<long>(),
            json["complete"]!.GetValue<bool>(),
            string.Join(' ', json["incomplete_because"]!.AsArray().Select(reason => reason!.GetValue<string>())),
            json["ns"]!.AsObject().ToDictionary(state => state.Key, state => state.Value?.GetValue<long>() ?? 0),
            json["cpu_ns"]!.GetValue<long>())
        {
            Awaited = json["awaited_for_ns"]?.AsObject().ToDictionary(kind => kind.Key, kind => kind.Value!.GetValue<long>()) ?? [],
        };
    }
}

/// <summary>A request's own books; WebTarget's Truth says how they are kept.</summary>
internal sealed record RequestTruth(string Name, long Thread, long Began, long Ended, long Cpu, long Queued)
{
    public static RequestTruth Parse(string line)
    {
        JsonNode json = JsonNode.Parse(line)!;
        return new RequestTruth(
            json["name"]!.GetValue<string>(),
            json["thread"]!.GetValue<long>(),
            json["began_ns"]!.GetValue<long>(),
            json["ended_ns"]!.GetValue<long>(),
            json["cpu_ns"]!.GetValue<long>(),
            json["queued_ns"]!.GetValue<long>());
    }
}
