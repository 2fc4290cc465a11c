using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>A finished run: what the collector says, and what the kernel's counters say.</summary>
/// <param name="Observed">The collector's results.</param>
/// <param name="Truths">Every measured iteration, by the kernel's counters.</param>
/// <param name="Written">Iterations that the target has written in all.</param>
/// <param name="Stolen">Nanoseconds that the hypervisor took meanwhile, from all CPUs.</param>
internal sealed record TruthRun(ObservedRun Observed, IReadOnlyList<TruthLine> Truths, long Written, long Stolen)
{
    /// <summary>Both sides of every complete account that was measured.</summary>
    public IReadOnlyList<Compared> Complete { get; } =
    [
        .. Observed.Accounts.Where(account => account.IsComplete).Join(
            Truths, account => account.Iteration, truth => truth.Iteration, (account, truth) => new Compared(account, truth)),
    ];

    /// <summary>Puts a collector's results and what TruthTarget printed side by side.</summary>
    /// <param name="observed">The collector's results.</param>
    /// <param name="books">All that TruthTarget printed.</param>
    /// <param name="stolenBefore">What the hypervisor had taken when both were started, in nanoseconds.</param>
    public static TruthRun Of(ObservedRun observed, string books, long stolenBefore)
    {
        JsonNode[] lines = [.. books.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
        return new TruthRun(
            observed,
            [.. lines.SkipLast(1).Select(TruthLine.Parse)],
            lines[^1]["iterations_written"]!.GetValue<long>(),
            StolenTime.Read() - stolenBefore);
    }

    /// <summary>A line for the log: what the agreement was.</summary>
    public string Summary()
    {
        double waited = Complete.Sum(pair => pair.Waited), outside = Complete.Sum(pair => pair.Truth.Outside.Waited);
        double running = Complete.Sum(pair => pair.Running), cpu = Complete.Sum(pair => pair.Truth.Inside.Cpu);
        return $"{Complete.Count} iterations; run queue {waited / 1e6:F3} ms, run_delay {outside / 1e6:F3} ms "
            + $"({(waited / outside) - 1:+0.00%;-0.00%}); running {running / 1e6:F3} ms, CPU clock {cpu / 1e6:F3} ms "
            + $"({(running / cpu) - 1:+0.00%;-0.00%}); stolen {Stolen / 1e6:F0} ms; {Observed.Incomplete} incomplete ({Observed.Reasons}), "
            + $"{Observed.Source("kernel")["lost"]} records lost, {Observed.Json["timeline"]!.ToJsonString()}";
    }
}

/// <summary>One iteration from both sides.</summary>
internal sealed record Compared(AccountLine Account, TruthLine Truth)
{
    /// <summary>Nanoseconds on a CPU, by the account.</summary>
    public long Running => Account.States["running"];

    /// <summary>Nanoseconds runnable without a CPU, by the account.</summary>
    public long Waited => Account.States["preempted"] + Account.States["waking"];

    /// <summary>How far the account's run-queue wait lies outside of what the kernel counted; 0 between the two readings.</summary>
    public long WaitedBeyondTruth =>
        Math.Max(0, Math.Max(Truth.Inside.Waited - Waited, Waited - Truth.Outside.Waited));
}
