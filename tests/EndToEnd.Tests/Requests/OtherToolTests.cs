using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Session;

namespace Observatory.EndToEnd.Tests;

/// <summary>What another tool does to the accounts of requests, and what the collector leaves behind in the program.</summary>
public sealed class OtherToolTests
{
    private const string Server = "Microsoft-AspNetCore-Server-Kestrel";
    private const string Hosting = "Microsoft.AspNetCore.Hosting";
    private static readonly Guid Tasks = new("2e5dba47-a3d2-4d16-8ee0-6671ffdcd7b5");
    private readonly ITestOutputHelper _log = TestContext.Current.TestOutputHelper!;

    /// <summary>With the server's own provider on, the runtime gives up to 245 requests of a connection one id (docs/units.md).</summary>
    [Fact]
    public async Task Requests_that_cannot_be_told_apart_have_no_account_that_claims_to_be_complete()
    {
        await using ObservedWeb web = await ObservedWeb.StartAsync();
        using (Listen(web.Target, new EventPipeProvider(Server, EventLevel.Informational)))
            await web.LoadHttp2Async("--requests", "600", "--at-once", "64", "/spin/300", "/await/2", "/yield/3");

        WebRun run = await web.EndAsync();
        run.NeedsKernelTier();
        (RequestTruth Truth, RequestLine Account)[] complete = [.. run.Pairs.Where(pair => pair.Account.IsComplete && pair.Truth.Ended > 0)];
        double right = complete.Sum(pair => Math.Min(pair.Truth.Cpu, pair.Account.Cpu)) / (double)complete.Sum(pair => pair.Truth.Cpu);
        _log.WriteLine($"{complete.Length} complete, {right:P2} right; {run.Json["unit_source"]!.ToJsonString()}");
        Assert.InRange(run.Problems["shared_id"], 100, 245);
        Assert.True(right >= 0.99, $"{right:P2} of the CPU time is in the right account");
        Assert.All(run.Requests, request => Assert.Equal(request.Wall, request.States.Values.Sum()));
        // Each request has an account or is among those that have none.
        Assert.Equal(run.After.Count(), run.Requests.Count + run.Problems["shared_id"]);
    }

    [Fact]
    public async Task After_the_collector_has_gone_the_program_follows_activities_and_does_nothing_else()
    {
        await using ObservedWeb web = await ObservedWeb.StartAloneAsync();
        // One that is always there waits for tools; each session has one more.
        int before = CountSessionThreads(web.Target);
        await web.AttachAsync();
        Assert.True(CountSessionThreads(web.Target) > before);
        await web.DetachAsync();

        await Eventually.TrueAsync("no thread of a session", () => CountSessionThreads(web.Target) == before);
        // It asks for the event that tells of activities and not for activities to be followed: they are, still.
        Assert.True(await CountActivitiesAsync(web) > 0);
    }

    [Fact]
    public async Task Before_a_collector_comes_the_program_follows_none()
    {
        await using ObservedWeb web = await ObservedWeb.StartAloneAsync();
        Assert.Equal(0, await CountActivitiesAsync(web));
    }

    /// <summary>Events that tell of activities, to a session that asks for them (0x40000) and not for activities to be followed (0x80).</summary>
    private static async Task<int> CountActivitiesAsync(ObservedWeb web)
    {
        int requests = 0, activities = 0;
        using EventPipeSession session = new DiagnosticsClient(web.Target).StartEventPipeSession(
            [
                new EventPipeProvider(Hosting, EventLevel.Informational),
                new EventPipeProvider("System.Threading.Tasks.TplEventSource", EventLevel.Informational, 0x40000),
            ], requestRundown: false);
        Task read = Task.Run(() =>
        {
            using var source = new EventPipeEventSource(session.EventStream);
            source.AllEvents += happened =>
            {
                if (happened.ProviderGuid == Tasks && (int)happened.ID == 25) activities++;
                else if (happened.ProviderGuid == TraceEventProviders.GetEventSourceGuidFromName(Hosting)) requests++;
            };
            source.Process();
        });
        await web.LoadAsync("--requests", "50", "/await/1");
        await session.StopAsync(CancellationToken.None);
        await read;
        Assert.True(requests > 0, "the session saw no request");
        return activities;
    }

    private static int CountSessionThreads(int process)
    {
        // A thread may end while it is looked at.
        try
        {
            return Directory.EnumerateDirectories($"/proc/{process}/task")
                .Count(thread => File.ReadAllText(Path.Combine(thread, "comm")).Contains("EventPipe", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return int.MaxValue;
        }
    }

    private static EventPipeSession Listen(int process, EventPipeProvider provider)
    {
        EventPipeSession session = new DiagnosticsClient(process).StartEventPipeSession([provider], requestRundown: false);
        // Read it, or the program's buffers fill up; it ends with the session.
        _ = session.EventStream.CopyToAsync(Stream.Null).ContinueWith(
            done => _ = done.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return session;
    }
}
