using Observatory.Kernel;

namespace Observatory.EndToEnd.Tests;

/// <summary>A process for each CPU that does nothing but switch there, until disposed.</summary>
internal sealed class SwitchStorm : IAsyncDisposable
{
    private readonly RunningProcess[] _processes =
    [
        .. OnlineCpus.Read().Select(cpu => RunningProcess.Start("taskset", ["-c", $"{cpu}", Built.TruthTarget, "--storm"])),
    ];

    /// <summary>Skips the test where a process cannot be kept on one CPU.</summary>
    public static void Needed() => Assert.SkipUnless(Programs.Exists("taskset"), "Needs taskset: apt-get install util-linux");

    /// <summary>Waits until every CPU has seen this many more switches.</summary>
    public async Task SwitchedAsync(long times)
    {
        long[] begun = [.. _processes.Select(Switches)];
        await Eventually.TrueAsync(
            $"{times} switches on every CPU", () => _processes.Zip(begun).All(one => Switches(one.First) - one.Second >= times));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RunningProcess process in _processes) await process.DisposeAsync();
    }

    private static long Switches(RunningProcess process) =>
        ContextSwitchCounts.Read(process.Id).Sum(thread => thread.Voluntary + thread.Involuntary);
}
