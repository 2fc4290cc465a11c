using Observatory.Collector.CommandLine;
using Observatory.Collector.Target;
using Observatory.Hosting;

namespace Observatory.Collector.Observing;

/// <summary>One run of the collector, from its options to its exit code.</summary>
internal static class ObservationSession
{
    public static async Task<int> RunAsync(ObserveOptions options)
    {
        using var stop = new StopSignal(options.Duration);
        var parts = new ObservationParts(options);
        await using (parts.ConfigureAwait(false))
        {
            ITarget target = TargetOf(options, parts.Screen.Log);
            await using (target.ConfigureAwait(false))
            {
                await parts.StartAsync(target, stop.Token).ConfigureAwait(false);
                stop.StartCountdown();
                await parts.ObserveAsync(stop.Token).ConfigureAwait(false);
                await target.StopAsync().ConfigureAwait(false);
                await parts.FinishAsync().ConfigureAwait(false);
                return ExitCode(target, parts);
            }
        }
    }

    private static ITarget TargetOf(ObserveOptions options, Action<string> log) => options.ProcessId is { } process
        ? new AttachedProcess(process)
        : new WorkloadChild(WorkloadLocator.Find(AppContext.BaseDirectory), options.WorkloadArguments, log);

    private static int ExitCode(ITarget target, ObservationParts parts)
    {
        if (target.ExitCode == ExitCodes.WrongUsage) return ExitCodes.WrongUsage;
        parts.PrintResults();
        return target.ExitCode == ExitCodes.Done && parts.Failure is null ? ExitCodes.Done : ExitCodes.Finding;
    }
}
