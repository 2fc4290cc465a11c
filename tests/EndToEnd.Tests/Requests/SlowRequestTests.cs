namespace Observatory.EndToEnd.Tests;

/// <summary>Why was a request slow? Three reasons, each brought about, and each named: by endpoint, without a change of the program.</summary>
public sealed class SlowRequestTests
{
    private const string Cause = "observatory_unit_cause_time_seconds_total";

    [Fact]
    public async Task The_endpoint_that_holds_the_lock_is_named()
    {
        await using ObservedWeb web = await ObservedWeb.StartAsync();
        await web.LoadAsync("--requests", "60", "--at-once", "8", "/hold/20", "/wait", "/wait");

        Exposition metrics = await web.SeesAsync("observatory_unit_lock_wait_seconds_total", "unit=GET /wait,holder=GET /hold/{}");
        WebRun run = await web.EndAsync();
        run.NeedsKernelTier();

        const string Waits = "observatory_unit_lock_wait_seconds_total";
        double? named = metrics.Sum(Waits, "unit=GET /wait,holder=GET /hold/{}");
        Assert.True(named > metrics.Sum(Waits, "unit=GET /wait") / 2, $"of the waits of /wait {named} s are named");
        // Waiting for the lock is most of what the endpoint does.
        double blocked = run.Unit("GET /wait")["seconds"]!["blocked"]!.GetValue<double>();
        Assert.InRange(blocked, run.Unit("GET /wait")["wall_seconds"]!.GetValue<double>() * 0.5, double.MaxValue);
    }

    [Fact]
    public async Task A_starved_thread_pool_is_named()
    {
        await using ObservedWeb web = await ObservedWeb.StartAsync("--units", "queue");
        await web.LoadAsync("--requests", "80", "--at-once", "40", "/block/50", "/yield/2");

        Exposition metrics = await web.SeesAsync(Cause, "unit=GET /yield/{},cause=queue");
        WebRun run = await web.EndAsync();

        // It gives its thread back twice, and waits for the next one in the queue, behind requests that hold theirs. Not a request that
        // awaits a timer: the pool starves that as well, and nothing tells that the timer's work item is the request's.
        double queued = run.Unit("GET /yield/{}")["seconds"]!["queued"]!.GetValue<double>();
        double awaiting = run.Unit("GET /yield/{}")["seconds"]!["awaiting"]!.GetValue<double>();
        Assert.True(queued > awaiting, $"queued {queued}, awaiting {awaiting}");
        Assert.True(metrics.Sum(Cause, "cause=queue") > 0);

        // And what held the threads: they stood still until their own asynchronous work was done.
        run.NeedsKernelTier();
        double? blocked = metrics.Sum("observatory_unit_time_seconds_total", "unit=GET /block/{},state=blocked");
        double named = (metrics.Sum(Cause, "unit=GET /block/{},cause=sync_over_async") ?? 0) + (metrics.Sum(Cause, "unit=GET /block/{},cause=pool_starvation") ?? 0);
        Assert.True(named > blocked / 2, $"of {blocked} s that /block was blocked {named} s are named");
    }

    [Fact]
    public async Task A_neighbour_that_takes_the_cpu_is_named()
    {
        await using ObservedWeb web = await ObservedWeb.StartAsync();
        await using (new BusyProcesses()) await web.LoadAsync("--requests", "200", "--at-once", "2", "/spin/10000");

        Exposition metrics = await web.SeesAsync(Cause, "unit=GET /spin/{},cause=neighbour");
        WebRun run = await web.EndAsync();
        run.NeedsKernelTier();

        Assert.True(metrics.Sum("observatory_preempted_by_seconds_total", "command=sh") > 0);
        double wanted = run.Unit("GET /spin/{}")["seconds"]!["preempted"]!.GetValue<double>() + run.Unit("GET /spin/{}")["seconds"]!["waking"]!.GetValue<double>();
        // As many busy processes as CPUs: about half of the time the request waits for its turn.
        Assert.InRange(wanted, run.Unit("GET /spin/{}")["wall_seconds"]!.GetValue<double>() * 0.1, double.MaxValue);
    }
}
