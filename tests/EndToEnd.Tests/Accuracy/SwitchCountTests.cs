using System.Globalization;
using Observatory.Kernel;

namespace Observatory.EndToEnd.Tests;

public sealed class SwitchCountTests
{
    [Fact]
    public async Task Switches_of_the_process_are_what_proc_counts_for_its_threads()
    {
        using var gate = new TemporaryFile();
        await using ObservedTarget observed = await ObservedTarget.StartAsync("--gate", gate.Path, "--iterations", "1");
        await observed.HasAccountsAsync();

        (long voluntary, long involuntary) = Sum(observed.Target.Id);
        Assert.True(voluntary > 0);
        (long Voluntary, long Involuntary) shown = await Eventually.GetAsync(
            $"{voluntary} voluntary and {involuntary} involuntary switches",
            () => ScrapeAsync(observed.Metrics),
            shown => shown.Voluntary >= voluntary && shown.Involuntary >= involuntary);
        (long Voluntary, long Involuntary) now = Sum(observed.Target.Id);

        Assert.InRange(shown.Voluntary, voluntary, now.Voluntary);
        Assert.InRange(shown.Involuntary, involuntary, now.Involuntary);
    }

    private static (long Voluntary, long Involuntary) Sum(int process)
    {
        IReadOnlyList<ThreadSwitchCount> threads = ContextSwitchCounts.Read(process);
        return (threads.Sum(thread => thread.Voluntary), threads.Sum(thread => thread.Involuntary));
    }

    private static async Task<(long Voluntary, long Involuntary)> ScrapeAsync(Uri metrics)
    {
        string[] lines = [.. (await Web.GetAsync(metrics)).Split('\n').Where(line => line.StartsWith("observatory_target_context_switches_total{", StringComparison.Ordinal))];
        return (Value(lines, "\"voluntary\""), Value(lines, "\"involuntary\""));
    }

    private static long Value(string[] lines, string type)
    {
        string? line = lines.SingleOrDefault(line => line.Contains(type, StringComparison.Ordinal));
        return line is null ? -1 : long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
