using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>What stands beside the accounts of a real run.</summary>
public sealed class DetailTests
{
    [Fact]
    public async Task Pool_time_is_that_of_all_threads_and_its_lines_add_up_to_the_sum_by_configuration()
    {
        ObservedRun run = await ObservedRun.OfChildAsync(
            [.. ObservedRun.SmallStudy, "--once", "--iterations", "20", "--threads", "2", "--no-limits"]);
        run.NeedsKernelTier();
        foreach (JsonNode row in run.Configurations)
        {
            JsonObject seconds = row["pool"]!["seconds"]!.AsObject();
            Assert.Contains("driving", seconds.Select(role => role.Key));
            AccountLine[] lines = [.. run.Accounts.Where(line => line.Dim == row["embedding_dim"]!.GetValue<long>())];
            foreach ((string role, JsonNode? states) in seconds)
            {
                double sum = lines.Sum(line => line.Json["pool_ns"]![role]?.AsObject().Sum(state => state.Value!.GetValue<long>()) ?? 0);
                Assert.Equal(sum / 1e9, states!.AsObject().Sum(state => state.Value!.GetValue<double>()), 9);
            }

            // The driving thread's part of the pool is its account.
            Assert.Equal(row["seconds"]!["running"]!.GetValue<double>(), seconds["driving"]!["running"]!.GetValue<double>(), 6);
            Assert.InRange(row["pool"]!["parallel_efficiency"]!.GetValue<double>(), 0.01, 2);
        }
    }

    [Fact]
    public async Task Blocked_time_is_split_by_what_it_waited_for_to_the_nanosecond()
    {
        await using var busy = new BusyProcesses();
        ObservedRun run = await ObservedRun.OfChildAsync(
            [.. ObservedRun.SmallStudy, "--once", "--iterations", "50", "--threads", "2", "--no-limits"]);
        run.NeedsKernelTier();
        Assert.All(run.Accounts, line => Assert.Equal(line.States["blocked"], Parts(line).Sum()));
        foreach (JsonNode row in run.Configurations)
        {
            double seconds = row["blocked_for_seconds"]!.AsObject().Sum(part => part.Value!.GetValue<double>());
            Assert.Equal(row["seconds"]!["blocked"]!.GetValue<double>(), seconds, 6);
        }

        double named = run.Json["blocked_for"]!.AsArray().Sum(part => part!["seconds"]!.GetValue<double>());
        Assert.Equal(run.Accounts.Sum(line => Parts(line).Sum()) / 1e9, named, 6);
    }

    private static IEnumerable<long> Parts(AccountLine line) =>
        line.Json["blocked_for_ns"]!.AsObject().Select(part => part.Value!.GetValue<long>());

    [Fact]
    public async Task Busy_processes_beside_it_show_as_involuntary_switches()
    {
        await using var busy = new BusyProcesses();
        ObservedRun run = await ObservedRun.OfChildAsync([.. ObservedRun.SmallStudy, "--once", "--iterations", "50", "--no-limits"]);
        run.NeedsKernelTier();
        Assert.True(run.Configurations.Sum(row => row["beside"]!["involuntary_switches"]!.GetValue<long>()) > 0);
        Assert.Equal(
            run.Configurations.Sum(row => row["beside"]!["voluntary_switches"]!.GetValue<long>()),
            run.Accounts.Sum(line => line.Json["beside"]!["voluntary_switches"]!.GetValue<long>()));
        Assert.All(run.Configurations, row => Assert.NotNull(row["beside"]!["migrations"]));
    }
}
