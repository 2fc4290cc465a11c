using System.Runtime.InteropServices;
using Microsoft.Diagnostics.NETCore.Client;
using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>One run of the collector, from its options to its exit code.</summary>
internal static class ObservationSession
{
    public static async Task<int> RunAsync(ObserveOptions options)
    {
        using var stop = new StopSignal(options.Duration);
        var host = new ObservationHost(options);
        await using (host.ConfigureAwait(false))
        {
            ITarget target = TargetOf(options, host.Screen.Log);
            await using (target.ConfigureAwait(false))
            {
                await host.StartAsync().ConfigureAwait(false);
                return await ObserveAsync(host, target, stop).ConfigureAwait(false);
            }
        }
    }

    private static async Task<int> ObserveAsync(ObservationHost host, ITarget target, StopSignal stop)
    {
        // Told to stop before there was anything to observe.
        if (await TryConnectAsync(host, target, stop.Token).ConfigureAwait(false) is not { } observation) return ExitCodes.Done;
        await using (observation.ConfigureAwait(false))
        {
            if (!await IsAnswered(() => observation.StartAsync(stop.Token), stop.Token).ConfigureAwait(false)) return ExitCodes.Done;
            stop.StartCountdown();
            await host.WatchAsync(observation, stop.Token).ConfigureAwait(false);
            // For some seconds. What it does then is waited for once the results are out.
            await target.StopAsync().ConfigureAwait(false);
            await observation.FinishAsync().ConfigureAwait(false);
            if (target.ExitCode == ExitCodes.WrongUsage) return ExitCodes.WrongUsage;
            // What was asked for is there, if only as an empty file.
            host.Files.Start();
            host.Files.Dispose();
            host.PrintResults(observation.Counts);
            return target.ExitCode == ExitCodes.Done && observation.IsWell && host.IsWell ? ExitCodes.Done : ExitCodes.Finding;
        }
    }

    private static async Task<Observation?> TryConnectAsync(ObservationHost host, ITarget target, CancellationToken stop)
    {
        Observation? observation = null;
        await IsAnswered(async () => observation = await Observation.ConnectAsync(host, target, stop).ConfigureAwait(false), stop).ConfigureAwait(false);
        return observation;
    }

    /// <summary>Says in one line for people why a target does not answer.</summary>
    /// <returns>False when it was told to stop meanwhile.</returns>
    private static async Task<bool> IsAnswered(Func<Task> ask, CancellationToken stop)
    {
        try
        {
            await ask().ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception gone) when (gone is DiagnosticsClientException or IOException)
        {
            throw new UsageException($"The runtime of the target does not answer, perhaps it has just ended: {gone.Message}");
        }
        catch (TimeoutException)
        {
            throw new UsageException("The runtime of the target takes connections but does not answer. Is the process stopped (kill -CONT lets it go on), or in a debugger?");
        }
    }

    private static ITarget TargetOf(ObserveOptions options, Action<string> log) => options switch
    {
        { ProcessId: { } process } => new AttachedProcess(process, options.Resumes),
        // Not in the log of the live table, which appears only when there is something to observe.
        { DiagnosticPort: { } port } => new AwaitedProcess(port, Console.Error.WriteLine),
        _ => new WorkloadChild(WorkloadLocator.Find(AppContext.BaseDirectory), options.WorkloadArguments, log),
    };
}

/// <summary>Says when to stop: Ctrl-C, SIGTERM, the end of the terminal (SIGHUP), or the end of the time that was asked for.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeSpan? _duration;
    private int _asked;
    private readonly PosixSignalRegistration[] _signals;

    public StopSignal(TimeSpan? duration)
    {
        _duration = duration;
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
            // One that was started with nohup has it ignored, and then it stays ignored.
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop),
        ];
    }

    /// <summary>Cancelled when it is time to stop.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>The time that was asked for begins now: every source listens.</summary>
    public void StartCountdown()
    {
        if (_duration is { } duration) _stop.CancelAfter(duration);
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals) signal.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        // The first asks us to finish, also when the time is over and we are about to; a second one is meant. But a terminal
        // that closes may send its signal twice, once from the kernel and once from the shell.
        context.Cancel = context.Signal == PosixSignal.SIGHUP || Interlocked.Increment(ref _asked) == 1;
        _stop.Cancel();
    }
}
