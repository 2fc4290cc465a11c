using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>
/// What was sent against what was reported: every event of an iteration is in an account, is half of an iteration whose other
/// half is missing, or was counted as missing; no iteration is reported twice, and none that was never sent.
/// </summary>
internal static class UnitHistory
{
    /// <param name="sent">Iterations that the target says it has written, two events each.</param>
    /// <param name="run">What the collector says.</param>
    /// <returns>Events that were declared lost.</returns>
    public static long Check(long sent, ObservedRun run)
    {
        JsonNode timeline = run.Json["timeline"]!;
        long reported = Count("iterations_closed");
        long halves = Count("beginnings_missing") + Count("ends_missing");
        long missing = run.Source("runtime")["missing"]!.GetValue<long>();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"sent {sent}, reported {reported}, {halves} halves, {missing} events missing, {run.Incomplete} incomplete ({run.Reasons}); {timeline.ToJsonString()}");
        Assert.Equal(2 * sent, (2 * reported) + halves + missing);
        Assert.Equal(reported, run.Accounts.Count);
        CheckEach(sent, run.Accounts);
        return missing;

        long Count(string name) => timeline[name]!.GetValue<long>();
    }

    /// <summary>Of a target that was killed: all up to some iteration, none beyond it, and it is said that the stream broke off.</summary>
    /// <param name="sent">Iterations that it had written at least when it was killed.</param>
    /// <param name="run">What the collector says.</param>
    public static void CheckCut(long sent, ObservedRun run)
    {
        Assert.Contains("broke off", run.Process.Error, StringComparison.Ordinal);
        Assert.Equal(0, run.Source("runtime")["missing"]!.GetValue<long>());
        Assert.True(run.Accounts.Count >= sent, $"{run.Accounts.Count} of at least {sent}");
        CheckEach(run.Accounts.Count, run.Accounts);
    }

    private static void CheckEach(long sent, IReadOnlyList<AccountLine> accounts)
    {
        Assert.Equal(accounts.Count, accounts.Select(account => account.Iteration).Distinct().Count());
        Assert.All(accounts, account => Assert.InRange(account.Iteration, 1, sent));
        Assert.All(accounts, account => Assert.Equal(account.Wall, account.States.Values.Sum()));
    }
}
