namespace Observatory.EndToEnd.Tests;

/// <summary>How long requests were in the thread pool's queue, beside what they measured themselves.</summary>
public sealed class QueueTruthTests
{
    private const long Close = 50_000;
    private readonly ITestOutputHelper _log = TestContext.Current.TestOutputHelper!;

    /// <summary>
    /// A request looks at the clock before it queues its own continuation, and first of all when that runs. The queue's own time lies
    /// between the two looks, so no account may have more; how much less it has depends on what the threads do between a look and the
    /// queue, which on a busy machine is to wait for a CPU.
    /// </summary>
    [Fact]
    public async Task Time_in_the_queue_is_never_more_than_the_requests_saw_and_mostly_as_much()
    {
        const int Times = 5;
        await using ObservedWeb web = await ObservedWeb.StartAsync("--units", "queue");
        await web.LoadAsync("--requests", "2000", "--at-once", "16", $"/requeue/{Times}");
        WebRun run = await web.EndAsync();
        run.NeedsKernelTier();

        (RequestTruth Truth, RequestLine Account)[] pairs = [.. run.Pairs.Where(pair => pair.Truth.Queued > 0 && pair.Account.IsComplete)];
        long[] shortBy = [.. pairs.Select(pair => pair.Truth.Queued - pair.Account.States["queued"]).Order()];
        long At(long[] sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];
        _log.WriteLine($"{pairs.Length} requests of {Times} times in the queue; their books say {pairs.Average(pair => pair.Truth.Queued) / 1e3:F0} us, "
            + $"accounts are short by p1 {At(shortBy, 0.01) / 1e3:F1}, p50 {At(shortBy, 0.5) / 1e3:F1}, p90 {At(shortBy, 0.9) / 1e3:F1}, p99 {At(shortBy, 0.99) / 1e3:F1} us a request; "
            + $"{shortBy.Count(error => Math.Abs(error) <= Close * Times) / (double)shortBy.Length:P2} within 50 us each time, "
            + $"{shortBy.Count(error => Math.Abs(error) <= Close) / (double)shortBy.Length:P2} within 50 us in all; gc {pairs.Sum(pair => pair.Account.States["gc"]) / 1e6:F1} ms; "
            + $"stolen {run.Stolen / 1e6:F0} ms");

        Assert.True(pairs.Length >= 1800, $"{pairs.Length} complete accounts of 2000");
        Assert.All(pairs, pair => Assert.InRange(pair.Account.States["queued"], 0, pair.Truth.Queued));
        long truth = pairs.Sum(pair => pair.Truth.Queued);
        Assert.InRange(pairs.Sum(pair => pair.Account.States["queued"]), truth / 2, truth);
    }
}
