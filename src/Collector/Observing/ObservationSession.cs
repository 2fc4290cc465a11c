using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Diagnostics.NETCore.Client;
using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>One run of the collector, from its options to its exit code.</summary>
internal static class ObservationSession
{
    /// <summary>How long after a target could not be observed the next one is looked for.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(ObserveOptions options)
    {
        using var stop = new StopSignal();
        using SoakRun? soak = SoakRun.TryOpen(options, TimeProvider.System);
        var host = new ObservationHost(options, soak);
        await using (host.ConfigureAwait(false))
        {
            await host.StartAsync().ConfigureAwait(false);
            // The end of a soak test that goes on is a date, whether its target comes or not.
            if (soak is { IsResumed: true }) stop.StartCountdown(soak.Remaining);
            return options.Follows
                ? await FollowAsync(host, stop).ConfigureAwait(false)
                : await ObserveOnceAsync(host, stop).ConfigureAwait(false);
        }
    }

    private static async Task<int> ObserveOnceAsync(ObservationHost host, StopSignal stop)
    {
        ITarget target = TargetOf(host.Options, host.Screen.Log);
        await using (target.ConfigureAwait(false))
        {
            // What a target does after it was told to end is waited for once the results are out.
            return await ConcludeAsync(host, await ObserveAsync(host, target, stop).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }

    /// <summary>One incarnation of the target after the other, until it is time to stop or no account can be made any more.</summary>
    private static async Task<int> FollowAsync(ObservationHost host, StopSignal stop)
    {
        TargetEnd? last = null;
        string said = "";
        while (!stop.Token.IsCancellationRequested && last is not { IsWell: false })
        {
            ITarget target = TargetOf(host.Options, host.Screen.Log);
            await using (target.ConfigureAwait(false))
            {
                try
                {
                    last = await ObserveAsync(host, target, stop).ConfigureAwait(false) ?? last;
                    said = "";
                    if (!stop.Token.IsCancellationRequested) host.Screen.Log("the target has ended");
                }
                catch (UsageException problem)
                {
                    // Often one that ended while it was being attached to: the next one may do better.
                    if (problem.Message != said) host.Screen.Log(said = problem.Message);
                    await Task.Delay(Pause, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }

        return await ConcludeAsync(host, last).ConfigureAwait(false);
    }

    /// <returns>How it ended; null when it was told to stop before there was anything to observe.</returns>
    private static async Task<TargetEnd?> ObserveAsync(ObservationHost host, ITarget target, StopSignal stop)
    {
        if (await TryConnectAsync(host, target, stop.Token).ConfigureAwait(false) is not { } observation) return null;
        try
        {
            if (!await IsAnswered(() => observation.StartAsync(stop.Token), stop.Token).ConfigureAwait(false)) return null;
            stop.StartCountdown(host.Duration);
            host.BeginShow();
            await Task.WhenAny(observation.Ended, Task.Delay(Timeout.Infinite, stop.Token)).ConfigureAwait(false);
            if (stop.Token.IsCancellationRequested && host.Soak is { } soak) await soak.PauseAsync().ConfigureAwait(false);
            bool isStopped = await TryEndAsync(target.StopAsync).ConfigureAwait(false);
            bool isFinished = await TryEndAsync(observation.FinishAsync).ConfigureAwait(false);
            return new TargetEnd(target.ExitCode, observation.IsWell && isStopped && isFinished);
        }
        finally
        {
            await TryEndAsync(() => observation.DisposeAsync().AsTask()).ConfigureAwait(false);
        }
    }

    /// <summary>What goes wrong at the end must not take with it what was found: it is said in a line, and the results come.</summary>
    private static async Task<bool> TryEndAsync(Func<Task> end)
    {
        try
        {
            await end().ConfigureAwait(false);
            return true;
        }
#pragma warning disable CA1031 // Whatever it is: the results are still there.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Console.Error.WriteLine(LastWords.Of("collector", "the observation did not end properly", failure));
            return false;
        }
    }

    /// <param name="host">Has the results.</param>
    /// <param name="end">How the last target ended; null when there was none.</param>
    private static async Task<int> ConcludeAsync(ObservationHost host, TargetEnd? end)
    {
        await host.EndShowAsync().ConfigureAwait(false);
        // What a soak test saw before stands in its state.
        if (end is null && host.Soak is not null) return host.PrintResults();
        if (end is null)
        {
            Console.Error.WriteLine("collector: told to stop before anything was observed, so there are no results");
            return ExitCodes.Done;
        }

        if (end.ExitCode == ExitCodes.WrongUsage) return ExitCodes.WrongUsage;
        host.FinishFiles();
        int printed = host.PrintResults();
        if (printed != ExitCodes.Done) return printed;
        return end.ExitCode == ExitCodes.Done && end.IsWell && host.IsWell ? ExitCodes.Done : ExitCodes.Finding;
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
        catch (Exception gone) when (gone is DiagnosticsClientException or IOException or SocketException)
        {
            throw new UsageException($"The runtime of the target does not answer, perhaps it has just ended: {gone.Message}");
        }
        catch (TimeoutException)
        {
            throw new UsageException("The runtime of the target takes connections but does not answer. Is the process stopped (kill -CONT resumes it), its container paused (docker unpause), or in a debugger?");
        }
    }

    private static ITarget TargetOf(ObserveOptions options, Action<string> log) => options switch
    {
        { ProcessId: { } process } => new AttachedProcess(process, options.Resumes),
        { AwaitedName: { } name } => new NamedProcess(name, options.Resumes, log),
        // Not in the log of the live table, which appears only when there is something to observe.
        { DiagnosticPort: { } port } => new AwaitedProcess(port, Console.Error.WriteLine, options.Follows),
        _ => new WorkloadChild(WorkloadLocator.Find(AppContext.BaseDirectory), options.WorkloadArguments, log),
    };
}

/// <summary>How the observation of a target ended.</summary>
/// <param name="ExitCode">What the target's end means for the exit code.</param>
/// <param name="IsWell">True when nothing between sources and sinks failed.</param>
internal sealed record TargetEnd(int ExitCode, bool IsWell);

/// <summary>Says when to stop: Ctrl-C, SIGTERM, the end of the terminal (SIGHUP), or the end of the time that was asked for.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _signals;
    private int _asked;
    private bool _isCounting;

    public StopSignal()
    {
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

    /// <summary>The time that was asked for begins now, with the first target: every source listens.</summary>
    /// <param name="duration">The time; null for no limit.</param>
    public void StartCountdown(TimeSpan? duration)
    {
        if (_isCounting || duration is not { } limit) return;
        _isCounting = true;
        _stop.CancelAfter(limit);
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals) signal.Dispose();
        _stop.Dispose();
    }

    /// <summary>A signal has come. On a thread of its own, also while the last of the process is disposed.</summary>
    internal void Stop(PosixSignalContext context)
    {
        // The first asks us to finish, also when the time is over and we are about to; a second one is meant. But a terminal
        // that closes may send its signal twice, once from the kernel and once from the shell.
        context.Cancel = context.Signal == PosixSignal.SIGHUP || Interlocked.Increment(ref _asked) == 1;
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // What was asked for is done.
        }
    }
}
