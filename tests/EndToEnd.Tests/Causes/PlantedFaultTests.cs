using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>
/// A fault is planted in a program whose units take the same time without it: the first cause that the collector names, beside
/// what else the machine runs meanwhile, is that one. benchmarks/planted-faults has more of them, and measures how often.
/// </summary>
public sealed class PlantedFaultTests
{
    private const int LeastUnits = 50;

    // The program's own work, and what other programs of a machine that tests run on do to it.
    private static readonly string[] Beside = ["work", "workers", "neighbour", "observer", "observer_start", "wake_up", "steal", "memory", "unknown"];

    [Theory]
    [InlineData("managed-lock", "lock", "lock-holder")]
    [InlineData("native-futex", "waiting", "mutex-holder")]
    [InlineData("gen2-collection", "gc", "gen2, induced")]
    [InlineData("page-faults", "page_faults", null)]
    public async Task The_first_cause_is_the_fault_that_was_planted(string fault, string cause, string? by)
    {
        await using PlantedFault planted = await PlantedFault.StartAsync("plant " + fault);
        JsonNode why = await planted.AskAsync(why => FirstOf(why)?["cause"]!.GetValue<string>() == cause);
        JsonNode first = FirstOf(why)!;
        Assert.Equal(by, first["by"]?.GetValue<string>());
        Assert.EndsWith(first["what"]!.GetValue<string>(), first["sentence"]!.GetValue<string>(), StringComparison.Ordinal);
        double parts = why["causes"]!.AsArray().Sum(line => line!["seconds"]!.GetValue<double>());
        Assert.InRange(parts, why["wall_seconds"]!.GetValue<double>() * 0.9, why["wall_seconds"]!.GetValue<double>() * 1.0001);
    }

    [Fact]
    public async Task Own_threads_that_may_use_one_CPU_only_are_the_affinity_masks_doing()
    {
        await using PlantedFault planted = await PlantedFault.StartAsync("helpers 1", cpu: 0);
        JsonNode why = await planted.AskAsync(why => FirstOf(why)?["cause"]!.GetValue<string>() == "affinity");
        Assert.StartsWith("1 of ", FirstOf(why)!["by"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_quota_of_a_group_above_its_own_is_a_part_of_the_time_without_a_CPU()
    {
        PlantedQuota? quota = null;
        try
        {
            await using PlantedFault planted = await PlantedFault.StartAsync("helpers 1");
            quota = PlantedQuota.TryPlant(planted.Target);
            Assert.SkipWhen(quota is null, "Control groups with a CPU quota cannot be made here.");
            JsonNode why = await planted.AskAsync(why => FirstOf(why)?["cause"]!.GetValue<string>() == "throttled");
            Assert.Equal("0.2 CPUs", FirstOf(why)!["by"]!.GetValue<string>());
            JsonObject parts = why["configurations"]![0]!["without_cpu_seconds"]!.AsObject();
            // Other waits of a unit, for a thread that was held back itself, are throttled too: its own are no more than all.
            Assert.InRange(parts["throttled"]!.GetValue<double>(), 1e-3, FirstOf(why)!["seconds"]!.GetValue<double>() * 1.000001);
        }
        finally
        {
            if (quota is not null) await quota.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_wait_for_a_wait_is_followed_to_the_thread_that_computes()
    {
        await using PlantedFault planted = await PlantedFault.StartAsync("plant chain");
        JsonNode why = await planted.AskAsync(why => FirstOf(why)?["by"]?.GetValue<string>() == "far-end");
        Assert.Equal("waiting", FirstOf(why)!["cause"]!.GetValue<string>());
        Assert.Equal("which ran, through middle", FirstOf(why)!["detail"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_suspension_names_the_thread_that_kept_it_waiting()
    {
        await using PlantedFault planted = await PlantedFault.StartAsync("plant late-stop");
        // On a busy machine the thread that collects is itself kept from the CPU more often than it is kept waiting.
        JsonNode why = await planted.AskAsync(why => StopOf(why) is not null);
        JsonNode stop = StopOf(why)!;
        Assert.Equal(("gc", "gen0, induced"), (stop["cause"]!.GetValue<string>(), stop["by"]!.GetValue<string>()));
        Assert.StartsWith("triggered by driver, waited for unstoppable, which ran on", stop["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    /// <summary>The largest cause that is a thread which did not stop though it had a CPU; null where none was named yet.</summary>
    private static JsonNode? StopOf(JsonNode why) => why["causes"]!.AsArray().FirstOrDefault(
        line => line!["detail"]?.GetValue<string>() is { } detail && detail.Contains("waited for ", StringComparison.Ordinal) && detail.Contains(", which ran on", StringComparison.Ordinal));

    /// <summary>The largest cause that is the program's own doing, or its limits', and no work.</summary>
    private static JsonNode? FirstOf(JsonNode why) =>
        why["causes"]!.AsArray().FirstOrDefault(line => !Beside.Contains(line!["cause"]!.GetValue<string>()));

    /// <summary>FaultTarget with a fault in it, and a collector attached.</summary>
    private sealed class PlantedFault : IAsyncDisposable
    {
        private readonly HttpClient _client = new() { Timeout = Limits.Request };
        private readonly RunningProcess _target;
        private readonly int _port = FreePort.Next();
        private RunningProcess? _collector;

        public int Target => _target.Id;

        private PlantedFault(RunningProcess target) => _target = target;

        public static async Task<PlantedFault> StartAsync(string command, int? cpu = null)
        {
            Assert.SkipUnless(Environment.IsPrivilegedProcess, "What a thread waits for is told at tier kernel only, which needs root.");
            // The size of generation 0 follows the processor's cache.
            Dictionary<string, string?> small = new() { ["DOTNET_GCgen0size"] = "400000" };
            var planted = new PlantedFault(cpu is { } only
                ? RunningProcess.Start("taskset", ["-c", $"{only}", Built.FaultTarget, command], small)
                : RunningProcess.Start(Built.FaultTarget, [command], small));
            try
            {
                await Eventually.TrueAsync("the target's answer", () => planted._target.Output.Length > 0);
                planted._collector = RunningProcess.Start(
                    Built.Collector, ["attach", "--pid", $"{planted._target.Id}", "--no-live", "--port", $"{planted._port}"]);
                return planted;
            }
            catch
            {
                await planted.DisposeAsync();
                throw;
            }
        }

        /// <summary>What the collector says, once it has seen enough units and says what is expected.</summary>
        public Task<JsonNode> AskAsync(Predicate<JsonNode> isExpected) => Eventually.GetAsync(
            "a cause",
            async () => JsonNode.Parse(await _client.GetStringAsync($"http://127.0.0.1:{_port}/why", TestContext.Current.CancellationToken))!,
            why => why["units"]!.GetValue<long>() >= LeastUnits && isExpected(why));

        public async ValueTask DisposeAsync()
        {
            if (_collector is not null) await _collector.DisposeAsync();
            await _target.DisposeAsync();
            _client.Dispose();
        }
    }
}
